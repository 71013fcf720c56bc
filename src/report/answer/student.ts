// Student's t distribution: its distribution function and quantiles.
// Source: Abramowitz and Stegun 26.7.1 by the regularised incomplete beta function (26.5.1), which is summed by the continued
// fraction 26.5.8 with Lentz's method; ln Γ by Lanczos' series (g = 7, nine terms). Tested against printed tables.

const LANCZOS: readonly [number, ...number[]] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];

const TINY = 1e-300;

/** The probability that a t variable with `freedom` degrees of freedom is at most `t`. */
export function studentCdf(t: number, freedom: number): number {
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** The value below which a share `p`, above 0.5 and below 1, of the distribution lies. */
export function studentQuantile(p: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (studentCdf(high, freedom) < p) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-13 * high; i += 1) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, freedom) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I_x(a, b) for x of 0 to 1. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return Math.min(1, Math.max(0, x));
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b),
  );
  return (front * continuedFraction(x, a, b)) / a;
}

/** Lentz: c and d are the ratios of successive numerators and denominators. */
function continuedFraction(x: number, a: number, b: number): number {
  let [c, d] = [1, 1 / nonZero(1 - ((a + b) * x) / (a + 1))];
  let sum = d;
  for (let m = 1; m < 500; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    const before = sum;
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d);
      c = nonZero(1 + term / c);
      sum *= c * d;
    }
    if (Math.abs(sum - before) <= 1e-15 * Math.abs(sum)) break;
  }
  return sum;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

function logGamma(x: number): number {
  const [first, ...rest] = LANCZOS;
  const base = x + 6.5;
  const series = rest.reduce((sum, term, i) => sum + term / (x + i), first);
  return Math.log(Math.sqrt(2 * Math.PI) * series) + (x - 0.5) * Math.log(base) - base;
}
