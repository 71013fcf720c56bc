// Sweep files that somebody might write who means harm, or nothing at all.

import type { Dice } from '../support/dice.ts';

/** Values that one reader or another takes for something else. */
const VALUES: readonly string[] = [
  '0x10',
  '0o17',
  '017',
  '0b11',
  '1_000',
  '1e309',
  '-1e309',
  '5e-324',
  '1e-400',
  '-0',
  '.nan',
  'NaN',
  '.inf',
  '-.inf',
  'Infinity',
  '9007199254740993',
  '1'.repeat(400),
  '190:20:30',
  '2001-01-01',
  'yes',
  'on',
  'null',
  '~',
  '',
  '""',
  '"\\u0000"',
  '"\\e[2J\\e]0;x\\a"',
  '"\\u202e"',
  '"\\ud800"',
  '!!binary aGVsbG8=',
  '!!set { a }',
  '!!js/function "function(){}"',
  '!<tag:yaml.org,2002:float> 1',
  '|\n    a\n    b',
  '../../etc/passwd',
  '/etc/passwd',
  '"./a\\0.ts"',
  'file:///etc/passwd',
  '[]',
  '{}',
  '[[[[1]]]]',
  '[1, 1, 1]',
  '{ find: { steps: 50 } }',
  '{ from: 1, to: 1e9, count: 1000000 }',
  '{ log_uniform: [1e-300, 1e300], count: 100000 }',
  '{ __proto__: 1 }',
  '{ constructor: { prototype: 1 } }',
  '*a',
  '&a [1, 2]',
  '&a [*a]',
  '<<',
  'x'.repeat(300),
  `[${Array.from({ length: 300 }, (_, i) => i + 1).join()}]`,
];

const KEYS: readonly string[] = [
  'name',
  'trial',
  'objective',
  'epochs',
  'seeds',
  'config',
  'learning_rate',
  'retries',
  'sharing',
  'files',
  'backends',
  'steps_per_epoch',
  'checkpoint_every',
  'keep',
  'exclusive',
  '__proto__',
  'constructor',
  '"\\x5f_proto__"',
  '<<',
  '? [a]',
  '"\\e[31m"',
  'k'.repeat(5_000),
  'é',
];

const STRATEGIES: readonly string[] = [
  'fixed',
  'cosine',
  'cyclic',
  'multistep',
  'exponential',
  'polynomial',
  'plateau',
  'step',
  'one_cycle',
  'wsd',
  'constructor',
  '__proto__',
  './own.ts',
];

const FIELDS: readonly string[] = ['lr', 'max_lr', 'base_lr', 'patience', 'factor', 'milestones'];

const GOOD: Readonly<Record<string, string>> = {
  name: 'fuzz',
  trial: './trial.ts',
  objective: '{ metric: val_loss, mode: min }',
  epochs: '3',
  learning_rate: '[{ strategy: fixed, lr: [0.1, 0.01] }]',
};

/** A good file with up to four entries put in, replaced or left out. */
export function randomSweepFile(dice: Dice): string {
  const entries = new Map(Object.entries(GOOD));
  for (let left = dice.below(5); left > 0; left -= 1) {
    const key = dice.is(0.5) ? dice.pick(Object.keys(GOOD)) : dice.pick(KEYS);
    if (dice.is(0.1)) entries.delete(key);
    else entries.set(key, randomValue(dice, key));
  }
  const text = [...entries].map(([key, value]) => `${key}: ${value}`).join('\n');
  return dice.is(0.1) ? distort(dice, text) : text;
}

function randomValue(dice: Dice, key: string): string {
  if (key === 'learning_rate' && dice.is(0.7)) return `[${randomStrategy(dice)}]`;
  if (key === 'config') return `{ ${dice.pick(KEYS)}: ${dice.pick(VALUES)}, b: ${axis(dice)} }`;
  return dice.is(0.2) ? nest(dice, dice.pick(VALUES)) : dice.pick(VALUES);
}

function randomStrategy(dice: Dice): string {
  const fields = Array.from({ length: 1 + dice.below(3) }, () => {
    const value = dice.is(0.5) ? axis(dice) : dice.pick(VALUES);
    return `${dice.pick([...FIELDS, '__proto__'])}: ${value}`;
  });
  return `{ strategy: ${dice.pick(STRATEGIES)}, ${fields.join(', ')} }`;
}

function axis(dice: Dice): string {
  const count = dice.pick([0, 1, 3, 3_000]);
  return `[${Array.from({ length: count }, (_, i) => (i + 1) / 4).join()}]`;
}

function nest(dice: Dice, value: string): string {
  const levels = dice.pick([1, 5, 39, 45, 5_000]);
  return dice.is(0.5)
    ? `${'['.repeat(levels)}${value}${']'.repeat(levels)}`
    : `${'{a: '.repeat(levels)}${value}${'}'.repeat(levels)}`;
}

function distort(dice: Dice, text: string): string {
  const at = dice.below(text.length);
  const to = at + dice.below(20);
  return dice.pick([
    text.slice(0, at),
    text.slice(0, at) + text.slice(to),
    text.slice(0, at) + dice.pick(VALUES) + text.slice(at),
    `${text}\n---\n${text}`,
    `%YAML 9.9\n---\n${text}`,
    `\uFEFF${text}`,
    text.replaceAll('\n', '\r'),
    text.replaceAll(' ', '\t'),
    `${text}\n# ${'x'.repeat(70_000)}`,
  ]);
}
