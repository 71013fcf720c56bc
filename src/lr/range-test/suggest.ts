// Three points of a smoothed loss curve. All of them take at least one point and give the index of one.

/** A smoothed loss at a learning rate above 0; points come with rising learning rates. */
export type Point = { readonly learningRate: number; readonly loss: number };

/** How much of the fall is behind the loss where the fall is said to start. */
const STARTED = 0.1;

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
  let best = startOfFall(points, end);
  for (let i = best + 1; i < end; i += 1) if (slopeAt(i) < slopeAt(best)) best = i;
  return best;
}

/** The last point before `end` that is not yet below the first tenth of the fall. */
function startOfFall(points: readonly Point[], end: number): number {
  const losses = points.slice(0, end + 1).map(({ loss }) => loss);
  const [top, bottom] = [Math.max(...losses), lossAt(points, end)];
  const level = top - STARTED * (top - bottom);
  return Math.max(
    0,
    losses.findLastIndex((loss) => loss >= level),
  );
}

/**
 * fastai's `valley`: the middle of the longest descent, which is as long as the longest falling subsequence and ends where that
 * ends. Of several, the first.
 */
export function findValley(points: readonly Point[]): number {
  const lengths = descentLengths(points.map(({ loss }) => loss));
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
