// Colours: text can be read and lines be told from the page, in the light and in the dark.

import { expect, test } from 'vitest';
import { STYLE } from '../../src/report/html/style.ts';

const [light = '', dark = ''] = [...STYLE.matchAll(/:root\{([^}]*)\}/g)].map((match) => match[1]);

function colorsOf(rule: string): ReadonlyMap<string, string> {
  return new Map(
    [...rule.matchAll(/--([\w-]+):(#[0-9a-f]{3,6})/g)].map((m) => [m[1] ?? '', m[2] ?? '']),
  );
}

/** Relative luminance by WCAG 2.2. */
function luminance(color: string): number {
  const long = color.length === 4 ? color.replaceAll(/[0-9a-f]/g, '$&$&') : color;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(long.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

for (const [name, rule] of [
  ['light', light],
  ['dark', dark],
] as const) {
  test(`in the ${name} text has a contrast of 4.5, and lines one of 3 (WCAG 2.2, 1.4.3 and 1.4.11)`, () => {
    const colors = colorsOf(rule);
    const page = colors.get('page') ?? '';
    for (const text of ['ink', 'soft', 'accent', 'good', 'warn'])
      expect(contrast(colors.get(text) ?? '', page), text).toBeGreaterThanOrEqual(4.5);
    const hues = [...colors].filter(([color]) => color.startsWith('hue-'));
    expect(hues).toHaveLength(7);
    for (const [hue, color] of hues) expect(contrast(color, page), hue).toBeGreaterThanOrEqual(3);
  });
}
