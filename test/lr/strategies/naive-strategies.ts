// The open-loop strategies once more, one step at a time, straight from the references' formulas. Promise: nothing is shared with
// src/lr, so that a slip there is not a slip here; ends that rounding misses are missed here too.

/** Fields as a sweep file has them; every default is filled. */
export type Fields = Readonly<Record<string, unknown>>;

/** The training: lengths in epochs are in these. */
export type Training = { readonly stepsPerEpoch: number; readonly total: number };

/** What a strategy applies at a step. */
export type Applied = { readonly lr: number; readonly momentum?: number };

type Rule = (f: Fields, t: number, training: Training) => Applied;

/** Learning rate and momentum of the 0-based step `t` of a training of `epochs` epochs. */
export function naive(spec: Fields, t: number, stepsPerEpoch: number, epochs: number): Applied {
  const rule = RULES[String(spec['strategy'])];
  if (rule === undefined) throw new Error(`no formula for ${String(spec['strategy'])}`);
  const warmup = spec['warmup'] as { length: unknown; start_factor: number } | undefined;
  const total = stepsPerEpoch * epochs;
  if (warmup === undefined) return rule(spec, t, { stepsPerEpoch, total });
  const ramp = Math.ceil(toSteps(warmup.length, stepsPerEpoch));
  const rest = { stepsPerEpoch, total: Math.max(total - ramp, 1) };
  if (t >= ramp) return rule(spec, t - ramp, rest);
  const first = rule(spec, 0, rest);
  const { start_factor: start } = warmup;
  return { ...first, lr: first.lr * (start + ((1 - start) * t) / ramp) };
}

/** Epochs are written with two digits behind the point. */
function toSteps(length: unknown, stepsPerEpoch: number): number {
  if (typeof length === 'number') return length;
  const [count = '', unit = ''] = String(length).split(' ');
  return unit.startsWith('epoch')
    ? (Math.round(Number(count) * 100) * stepsPerEpoch) / 100
    : Number(count);
}

function num(f: Fields, name: string): number {
  return Number(f[name]);
}

/** How often a length has passed; 1e-12 is far more than rounding and far less than a step. */
function floorTimes(t: number, length: number): number {
  return Math.floor(t / length + 1e-12 * (1 + t / length));
}

const lengthOr = (f: Fields, { stepsPerEpoch, total }: Training): number =>
  f['decay_steps'] === undefined ? total : toSteps(f['decay_steps'], stepsPerEpoch);

const RULES: Readonly<Record<string, Rule>> = {
  fixed: (f) => ({ lr: num(f, 'lr') }),

  inverse_time: (f, t, { stepsPerEpoch }) => {
    const length = toSteps(f['decay_steps'], stepsPerEpoch);
    const p = f['staircase'] === true ? floorTimes(t, length) : t / length;
    return { lr: num(f, 'lr') / (1 + num(f, 'decay_rate') * p) };
  },

  exponential: (f, t, { stepsPerEpoch }) => {
    const length = toSteps(f['decay_steps'], stepsPerEpoch);
    const p = f['staircase'] === true ? floorTimes(t, length) : t / length;
    return { lr: num(f, 'lr') * num(f, 'decay_rate') ** p };
  },

  polynomial: (f, t, training) => {
    let length = lengthOr(f, training);
    if (f['cycle'] === true) {
      const one = length;
      while (t > length * (1 + 1e-12)) length += one;
    }
    const left = 1 - Math.min(t, length) / length;
    const [lr, end] = [num(f, 'lr'), num(f, 'end_lr')];
    return { lr: (lr - end) * (left < 1e-12 ? 0 : left) ** num(f, 'power') + end };
  },

  cosine: (f, t, training) => {
    const length = lengthOr(f, training);
    const alpha = num(f, 'min_lr') / num(f, 'lr');
    const wave = 0.5 * (1 + Math.cos((Math.PI * Math.min(t, length)) / length));
    return { lr: num(f, 'lr') * ((1 - alpha) * wave + alpha) };
  },

  cosine_restarts: (f, t, { stepsPerEpoch }) => {
    let length = Math.max(1, toSteps(f['first'], stepsPerEpoch));
    let height = 1;
    let left = t;
    while (left > length * (1 - 1e-12) - 1e-9) {
      left = Math.max(0, left - length);
      length *= num(f, 't_mul');
      height *= num(f, 'm_mul');
    }
    const alpha = num(f, 'min_lr') / num(f, 'lr');
    const wave = 0.5 * height * (1 + Math.cos((Math.PI * left) / length));
    return { lr: num(f, 'lr') * ((1 - alpha) * wave + alpha) };
  },

  one_cycle: (f, t, { total }) => {
    const initial = num(f, 'max_lr') / num(f, 'div_factor');
    const least = initial / num(f, 'final_div_factor');
    const [low, high] = [num(f, 'base_momentum'), num(f, 'max_momentum')];
    if (total === 1) return { lr: initial, momentum: high };
    const up = num(f, 'pct_start') * total - 1;
    const max = num(f, 'max_lr');
    const phases =
      f['three_phase'] === true
        ? [
            { start: 0, end: up, lr: [initial, max], momentum: [high, low] },
            { start: up, end: 2 * up, lr: [max, initial], momentum: [low, high] },
            { start: 2 * up, end: total - 1, lr: [initial, least], momentum: [high, high] },
          ]
        : [
            { start: 0, end: up, lr: [initial, max], momentum: [high, low] },
            { start: up, end: total - 1, lr: [max, least], momentum: [low, high] },
          ];
    const phase = phases.find(({ end }) => t <= end + 1e-9) ?? phases.at(-1);
    if (phase === undefined) throw new Error('a cycle has phases');
    const p = phase.end === phase.start ? 1 : (t - phase.start) / (phase.end - phase.start);
    const along = ([a = 0, b = 0]: readonly number[]): number =>
      f['anneal'] === 'linear' ? (b - a) * p + a : b + ((a - b) / 2) * (Math.cos(Math.PI * p) + 1);
    return { lr: along(phase.lr), momentum: along(phase.momentum) };
  },

  wsd: (f, t, { stepsPerEpoch, total }) => {
    const decay = Math.min(total, toSteps(f['decay'], stepsPerEpoch));
    const stable = total - decay;
    if (t <= stable) return { lr: num(f, 'lr') };
    const p = (t - stable) / decay;
    const r = num(f, 'min_lr') / num(f, 'lr');
    const left = {
      linear: 1 - p,
      cosine: 0.5 * (1 + Math.cos(Math.PI * p)),
      '1-sqrt': 1 - p ** 0.5,
    };
    const height = left[f['decay_type'] as keyof typeof left];
    return { lr: num(f, 'lr') * (height * (1 - r) + r) };
  },

  range_test: (f, t, { total }) => {
    const [low, high] = [num(f, 'min_lr'), num(f, 'max_lr')];
    if (f['scale'] === 'linear') return { lr: low + ((high - low) * t) / total };
    return { lr: Math.exp(Math.log(low) + (Math.log(high / low) * t) / total) };
  },
};

/** The strategies that have a formula here. */
export const NAIVE = Object.keys(RULES);
