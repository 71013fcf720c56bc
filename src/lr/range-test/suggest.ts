// Three points of a smoothed loss curve. All of them take at least one point and give the index of one.

/** A smoothed loss and its standard error at a learning rate above 0; points come with rising learning rates. */
export type Point = {
  readonly learningRate: number;
  readonly loss: number;
  readonly error: number;
};

/** A fall has started when this share of it is behind, and so many standard errors. */
type Started = { readonly share: number; readonly errors: number };

const STEEP: Started = { share: 0.1, errors: 3 };
const DESCENT: Started = { share: 0.01, errors: 0 };

/** Where the loss is least, first. */
export function findMinimum(points: readonly Point[]): number {
  return points.reduce((best, { loss }, i) => (loss < lossAt(points, best) ? i : best), 0);
}

/**
 * Where the loss falls most for its learning rate, d loss / d log lr, from the start of the fall to its end.
 * fastai's `steep` looks at the whole curve, of which the first points are noisy.
 */
export function findSteepest(points: readonly Point[]): number {
  const end = findMinimum(points);
  const slopeAt = (i: number): number =>
    (lossAt(points, i + 1) - lossAt(points, i)) /
    Math.log(rateAt(points, i + 1) / rateAt(points, i));
  let best = startOfFall(points, end, STEEP);
  for (let i = best + 1; i < end; i += 1) if (slopeAt(i) < slopeAt(best)) best = i;
  return best;
}

/** The last point before `end` at which the loss is still near its top. */
function startOfFall(points: readonly Point[], end: number, { share, errors }: Started): number {
  const before = points.slice(0, end);
  const top = before.reduce((best, { loss }, i) => (loss > lossAt(before, best) ? i : best), 0);
  const fall = lossAt(before, top) - lossAt(points, end);
  const noise = errors * (before[top]?.error ?? 0);
  const level = lossAt(before, top) - Math.max(share * fall, noise);
  return Math.max(
    0,
    before.findLastIndex(({ loss }) => loss >= level),
  );
}

/**
 * fastai's `valley`: the middle of the longest descent, which is as long as the longest falling subsequence and ends where that
 * ends. Of several, the first. Before a hundredth of the fall is behind there is no descent: without noise the loss would fall from
 * the first point on, and the valley would be where the ramp happens to start.
 */
export function findValley(points: readonly Point[]): number {
  const from = startOfFall(points, findMinimum(points), DESCENT);
  return from + findMiddle(points.slice(from).map(({ loss }) => loss));
}

function findMiddle(losses: readonly number[]): number {
  const lengths = descentLengths(losses);
  const end = lengths.reduce((best, length, i) => (length > (lengths[best] ?? 0) ? i : best), 0);
  const start = Math.max(0, end - (lengths[end] ?? 0));
  const third = (end - start) / 3;
  return start + Math.floor(third) + Math.floor(third / 2);
}

/** For each value, how many values the longest falling subsequence has that ends with it; in n log n steps. */
function descentLengths(values: readonly number[]): readonly number[] {
  // The greatest last value of the falling subsequences of each length; it falls with the length.
  const lasts: number[] = [];
  return values.map((value) => {
    let [low, high] = [0, lasts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((lasts[middle] ?? value) > value) low = middle + 1;
      else high = middle;
    }
    lasts[low] = value;
    return low + 1;
  });
}

function lossAt(points: readonly Point[], i: number): number {
  return points[i]?.loss ?? Number.NaN;
}

function rateAt(points: readonly Point[], i: number): number {
  return points[i]?.learningRate ?? Number.NaN;
}
