// The options of `espalier lr plot`, as a user types them.

import { Command } from 'commander';
import { expect, test } from 'vitest';
import { canColour } from '../../../src/cli/can-draw.ts';
import { addLrCommands } from '../../../src/cli/lr.ts';
import { printedBy, type Printed } from './plot/printed-by.ts';

const FIXED = '{ strategy: fixed, lr: 0.1 }';

function type(...words: readonly string[]): Promise<Printed> {
  const program = new Command();
  addLrCommands(program);
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap((one) => one.commands),
  ])
    command.exitOverride();
  return printedBy(() => program.parseAsync(['lr', 'plot', ...words], { from: 'user' }));
}

test('a trial is chosen again and again', async () => {
  const sweep = 'examples/digits/sweep.yaml';
  const { out } = await type(sweep, '--trial', '22', '--trial', '1', '--steps-per-epoch', '9');
  expect(out.match(/━[a-z]━ #\d+/g)).toEqual(['━a━ #22', '━b━ #1']);
  expect(out).toContain('20 epochs of 9 steps\n');
});

test('a size is kept', async () => {
  const { out } = await type(FIXED, '--width', '50', '--height', '9', '--epochs', '3');
  const frame = out.split('\n').slice(0, -2);
  expect(frame).toHaveLength(9);
  expect(Math.max(...frame.map((line) => line.length))).toBe(50);
});

test('momentum may be left out', async () => {
  const moving =
    '{ strategy: cyclic, base_lr: 1, max_lr: 2, step_size: 9, base_momentum: 0.5, max_momentum: 0.9 }';
  expect((await type(moving)).out).toContain('momentum\n');
  expect((await type(moving, '--no-momentum')).out).not.toContain('momentum\n');
});

test.each([
  [['--epochs', '0'], 'It must be a whole number of at least 1.'],
  [['--steps-per-epoch', '1.5'], 'It must be a whole number of at least 1.'],
  [['--trial', 'x'], 'It must be a whole number of at least 1.'],
  [['--width', '19'], 'It must be a whole number of at least 20 and at most 10000.'],
  [['--scale', 'cubic'], 'Allowed choices are linear, log.'],
  [['--metrics', 'a', '--trial-metrics', 'b/1'], 'cannot be used with'],
])('%j is refused', async (words, message) => {
  await expect(type(FIXED, ...words)).rejects.toThrow(message);
});

test('the help has examples', () => {
  const program = new Command();
  addLrCommands(program);
  let text = '';
  const [lr] = program.commands;
  const plot = lr?.commands.find((command) => command.name() === 'plot');
  plot?.configureOutput({ writeOut: (part) => (text += part) });
  plot?.outputHelp();
  expect(text).toContain("espalier lr plot '{ strategy: cyclic,");
});

test('colours need a terminal that has them and a person who wants them', () => {
  const terminal = { isTTY: true };
  expect(canColour(terminal, {})).toBe(true);
  expect(canColour(terminal, { NO_COLOR: '' })).toBe(true);
  expect(canColour(terminal, { NO_COLOR: '1' })).toBe(false);
  expect(canColour(terminal, { TERM: 'dumb' })).toBe(false);
  expect(canColour({}, {})).toBe(false);
});
