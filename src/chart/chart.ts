// What a chart shows, whatever it is drawn on: curves, axes and marks as plain data.
// Promise: nothing in this folder imports anything from outside it; labels may hold anything, what is drawn is safe.

/** A point of a curve. A y that is not finite, or not positive on a logarithmic axis, interrupts the curve. */
export type Point = readonly [x: number, y: number];

/** A curve. */
export type Series = {
  /** Name in the legend; the legend is left out where the only curve has an empty one. */
  readonly label: string;
  /** By rising x; it is iterated several times, so that millions of points need not be held as pairs. */
  readonly points: Iterable<Point>;
  /** Whether each value holds until the next point, as a step function does; by default points are joined by lines. */
  readonly held?: boolean;
  /** What its letter, colour and dashes go by (by default its place in the list), for charts that show the same things. */
  readonly key?: number;
};

/** An axis. What is left out is taken from the points. */
export type AxisSpec = {
  readonly label: string;
  /** By default logarithmic where all values are positive and the greatest is more than 30 times the least. */
  readonly scale?: 'linear' | 'log';
  /** The ends; an end that is given is kept exactly. Points beyond an end of x are not drawn, beyond one of y at the edge. */
  readonly from?: number;
  readonly to?: number;
};

/** Something that happens at an x: a sign above the curves and a thin line through them. */
export type Mark = {
  readonly x: number;
  /** What it is, explained once however many marks have it. */
  readonly label: string;
  /** One character (by default ▾); marks with the same label should have the same one. */
  readonly sign?: string;
  /** The place in the list of the series that it belongs to; of none by default. */
  readonly series?: number;
};

/** A chart of `width × height` character cells for `drawLines`, of pixels for `toSvg`. */
export type Chart = {
  readonly series: readonly Series[];
  readonly width: number;
  readonly height: number;
  readonly xAxis: AxisSpec;
  readonly yAxis: AxisSpec;
  readonly marks?: readonly Mark[];
};
