// Ink keeps the measure of every text that it lays out for as long as it lives; the view must not give it new ones.

import { afterEach, expect, test, vi } from 'vitest';
import { mountView } from '../../../src/dashboard/rim/ink-view.tsx';
import { Screen } from '../../../src/dashboard/rim/screen.ts';
import { fakeTerminal } from '../fake-terminal.ts';

afterEach(() => void vi.restoreAllMocks());

test('lines are drawn, and none of them is measured, so that nothing is kept of them', () => {
  const { display, stdin, stdout } = fakeTerminal(40, 4);
  const view = mountView(stdin, new Screen(stdout), () => undefined);
  view.draw(['', '', '']);
  const segmented = vi.spyOn(Intl.Segmenter.prototype, 'segment');
  for (let frame = 0; frame < 5; frame += 1) view.draw([`学 ${frame}`, '学習率', 'three']);
  expect(display.screen).toEqual(['学 4', '学習率', 'three', '']);
  // Ink takes a line beyond ASCII apart once to put it on the screen, and a second time if it has to measure it.
  const texts = segmented.mock.calls.map(([text]) => text).filter((text) => text.startsWith('学 '));
  expect(texts).toEqual(['学 0', '学 1', '学 2', '学 3', '学 4']);
  view.unmount();
  expect(stdin.isRaw).toBe(false);
});
