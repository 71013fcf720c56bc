// Round numbers on a scale, and how they are written.
// Promise: ticks rise, all lie on the scale, there are at most as many as asked for, and each label says its tick exactly.

/** A scale as `scale.ts` has it. */
type Span = { readonly from: number; readonly to: number; readonly log: boolean };

/** Rounding of multiples may leave a value this share of a step outside. */
const NEAR = 1e-9;

const DIGITS = [
  [1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 2, 5],
  [1, 3],
] as const;

/** Round values within a scale, at most `most` of them (2 or more). */
export function toTicks(span: Span, most: number): readonly number[] {
  const { from, to } = span;
  const ticks = span.log ? logTicks(span, most) : multiples(from, to, stepFor(span, most));
  return ticks.length < 2 && span.log ? multiples(from, to, stepFor(span, most)) : ticks;
}

/** The scale's ends moved outwards to round values, such that at most `most` ticks of that roundness lie on it. */
export function ticksAround(span: Span, most: number): { from: number; to: number } {
  if (span.log) return { from: roundDown(span.from), to: roundUp(span.to) };
  for (let step = stepFor(span, most); ; step = nextStep(step)) {
    const from = Math.floor(span.from / step + NEAR);
    const to = Math.ceil(span.to / step - NEAR);
    if (to - from < Math.max(2, most) || !Number.isFinite(step))
      return { from: tidy(from * step), to: tidy(to * step) };
  }
}

/** The texts of ticks: all as decimal numbers where the greatest is of an everyday size, else each in its shortest form. */
export function toLabels(ticks: readonly number[], log: boolean): readonly string[] {
  const greatest = ticks.reduce((most, tick) => Math.max(most, Math.abs(tick)), 0);
  const plain = !log && greatest >= 1e-3 && greatest < 1e6;
  return ticks.map((tick) => (plain ? String(tidy(tick)) : toShort(tick)));
}

/** A number in few characters: 0.05, 3e-5, 2e6. */
export function toShort(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e6)) return String(Number(value.toPrecision(4)));
  const [digits = '', power = ''] = value.toExponential(3).split('e');
  return `${Number(digits)}e${Number(power)}`;
}

/** The smallest step of 1, 2, 2.5 (but not 2.5 itself) or 5 times a power of ten of which at most `most` multiples fit. */
function stepFor({ from, to }: Span, most: number): number {
  const least = (to - from) / Math.max(1, most);
  let step = 10 ** Math.floor(Math.log10(least));
  while (Number.isFinite(step) && multipleCount(from, to, step) > Math.max(2, most))
    step = nextStep(step);
  return step;
}

function nextStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step) + NEAR);
  const factors = power === 1 ? [2, 5] : [2, 2.5, 5];
  const factor = factors.find((next) => next > (step / power) * (1 + NEAR)) ?? 10;
  return tidy(factor * power);
}

function multipleCount(from: number, to: number, step: number): number {
  return Math.floor(to / step + NEAR) - Math.ceil(from / step - NEAR) + 1;
}

function multiples(from: number, to: number, step: number): readonly number[] {
  const first = Math.ceil(from / step - NEAR);
  const count = Math.max(0, multipleCount(from, to, step));
  return Array.from({ length: count }, (_, i) => tidy((first + i) * step));
}

function logTicks({ from, to }: Span, most: number): readonly number[] {
  const first = Math.floor(Math.log10(from) + NEAR);
  const last = Math.floor(Math.log10(to) + NEAR);
  const isOn = (tick: number): boolean => tick >= from * (1 - NEAR) && tick <= to * (1 + NEAR);
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  for (const digits of powers.length <= 2 * most ? DIGITS : []) {
    const ticks = powers.flatMap((power) => digits.map((digit) => at(digit, power))).filter(isOn);
    if (ticks.length <= most) return ticks;
  }
  for (let stride = 1; ; stride += 1) {
    const ticks = powers
      .filter((power) => power % stride === 0)
      .map((power) => at(1, power))
      .filter(isOn);
    if (ticks.length <= Math.max(2, most)) return ticks;
  }
}

/** The greatest of 1, 2, 5 times a power of ten that is not above `value`. */
function roundDown(value: number): number {
  const power = Math.floor(Math.log10(value) + NEAR);
  return (
    [5, 2, 1].map((digit) => at(digit, power)).find((tick) => tick <= value * (1 + NEAR)) ?? value
  );
}

function roundUp(value: number): number {
  const power = Math.floor(Math.log10(value) + NEAR);
  return (
    [1, 2, 5].map((digit) => at(digit, power)).find((tick) => tick >= value * (1 - NEAR)) ??
    at(1, power + 1)
  );
}

/** Through text, since powers of ten below 1 are not exact. */
function at(digit: number, power: number): number {
  return Number(`${digit}e${power}`);
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
