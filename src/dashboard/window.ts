// A list of which some rows are on the screen: how keys move in it, and how it scrolls.

/** How far a key moves in a list of `count` rows of which `page` fit; undefined if it is not a key of movement. */
export function movementIn(key: string, count: number, page: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    'page-up': -page,
    'page-down': page,
    home: -count,
    g: -count,
    end: count,
    G: count,
  };
  return Object.hasOwn(steps, key) ? steps[key] : undefined;
}

/** The index `by` rows from `from`, as far as a list of `count` rows goes; 0 where there are none. */
export function moveIn(from: number, by: number, count: number): number {
  return Math.max(0, Math.min(count - 1, Math.max(0, from + by)));
}

/** The first row to show so that row `index` is among the `page` rows that fit, moved from `top` no further than it must. */
export function scrollTo(top: number, index: number, count: number, page: number): number {
  const shown = Math.min(Math.max(top, index - page + 1), index);
  return Math.max(0, Math.min(shown, count - page));
}
