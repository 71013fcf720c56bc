// How strategies are told apart: by colour, by dashes and by name, so that no one has to see the colour.
// Source of the colours: Okabe and Ito 2008, "Color Universal Design"; yellow is left out, since it cannot be seen on white. They are
// variables of the page's style sheet, which has lighter ones of the same hue for dark mode.

import type { SettingData } from './report-data.ts';

/** Colours that the style sheet has, as `--hue-0` and so on. */
const HUES = 7;

const DASHES: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [4, 4],
  [10, 3, 2, 3, 2, 3],
  [12, 4],
];

/** A strategy's look; no dashes are a line that is drawn through. */
export type Look = { readonly color: string; readonly dash: readonly number[] };

/** The looks of a sweep's strategies, in the order in which the sweep has them. */
export function toLooks(settings: readonly SettingData[]): ReadonlyMap<string, Look> {
  const names = [...new Set(settings.map(({ strategy }) => strategy))];
  return new Map(names.map((name, i) => [name, lookAt(i)]));
}

function lookAt(place: number): Look {
  // Beyond the last colour they begin again, with other dashes.
  const dash = DASHES[(place + Math.floor(place / HUES)) % DASHES.length] ?? [];
  return { color: `var(--hue-${place % HUES})`, dash };
}
