import { describe, expect, it } from 'vitest';
import { parseSweepFile } from '../../src/spec/parse-sweep-file.ts';
import { problemsOf, HEAD, FIXED, withLines } from './problems-of.ts';

describe('the problems of a sweep file', () => {
  it.each([
    ['', '1:1 : the file is empty'],
    ['# nothing\n', '1:1 : the file is empty'],
    [
      '- 1\n',
      '1:1 : received [1]; it must be a mapping with name, trial, objective, files, epochs, seeds, config, learning_rate, search, stop, slots, sharing, checkpoint_every, keep, retries, exclusive, priority, backends, steps_per_epoch',
    ],
  ])('point at the beginning when the file is %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('name every key that is missing', () => {
    expect(problemsOf('seeds: 1\n')).toEqual([
      '1:1 name: received nothing; it must be at most 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit',
      '1:1 trial: received nothing; it must be the path of a module',
      '1:1 objective: received nothing; it must be a mapping with metric, mode, at',
      '1:1 epochs: received nothing; it must be a whole number, at least 1 and at most 1000000',
      '1:1 learning_rate: received nothing; it must be a list of strategies, such as [{ strategy: fixed, lr: 0.1 }]',
    ]);
  });

  it.each([
    ['seed: 2', '6:1 seed: received the unknown key seed; did you mean seeds?'],
    ['Epochs: 2', '6:1 Epochs: received the unknown key Epochs; did you mean epochs?'],
    ['seeds: []', '6:8 seeds: received []; it must be one value, or a list of at least one'],
    [
      'seeds: [1, 1.5]',
      '6:12 seeds[1]: received 1.5; it must be a whole number, at least 0 and at most 4294967295',
    ],
    [
      'seeds: [1, -1]',
      '6:12 seeds[1]: received -1; it must be a whole number, at least 0 and at most 4294967295',
    ],
    [
      'seeds: [3, 4, 3]',
      '6:15 seeds[2]: received 3 a second time; it would make the same trials twice',
    ],
    [
      'seeds:',
      '6:7 seeds: received null; it must be a whole number, at least 0 and at most 4294967295',
    ],
    ['files: [a, a]', '6:12 files[1]: received "a" a second time; once is enough'],
    ['files: [1]', '6:9 files[0]: received 1; it must be a word'],
    [
      'search: { random: { trials: 50 } }',
      '6:9 search: received {"random":{"trials":50}}; it must be one of grid',
    ],
    ['stop: { asha: {} }', '6:7 stop: received {"asha":{}}; it must be one of none'],
    [
      'slots: { kind: tpu }',
      '6:16 slots.kind: received "tpu"; it must be one of gpu, cpu, any (did you mean gpu?)',
    ],
    [
      'slots: { per_tril: 2 }',
      '6:10 slots.per_tril: received the unknown key per_tril; did you mean per_trial?',
    ],
    ['slots: 1', '6:8 slots: received 1; it must be a mapping with kind, per_trial'],
    ['sharing: maybe', '6:10 sharing: received "maybe"; it must be one of on, off'],
    [
      'checkpoint_every: 500 steps',
      '6:19 checkpoint_every: received "500 steps"; it must be "N epochs" or a number of epochs, at least 1',
    ],
    ['checkpoint_every: 1.5', '6:19 checkpoint_every: received 1.5; it must be whole epochs'],
    [
      'keep: bst',
      '6:7 keep: received "bst"; it must be one of none, best, last, all (did you mean best?)',
    ],
    [
      'retries: -1',
      '6:10 retries: received -1; it must be a whole number, at least 0 and at most 1000',
    ],
    [
      'slots: { per_trial: 2 }',
      '6:21 slots.per_trial: received 2; it must be a whole number, at least 1 and at most 1',
    ],

    ['exclusive: yes', '6:12 exclusive: received "yes"; it must be true or false'],
    [
      'priority: high',
      '6:11 priority: received "high"; it must be a whole number, at least -1000 and at most 1000',
    ],
    [
      'backends: [wasm, cuda]',
      '6:18 backends[1]: received "cuda"; it must be one of tfjs-node-gpu, tfjs-node, webgpu, wasm, cpu',
    ],
    [
      'steps_per_epoch: 0',
      '6:18 steps_per_epoch: received 0; it must be a whole number, at least 1 and at most 4294967295',
    ],
    ['config:', '6:8 config: received null; it must be a mapping of names to values'],
    [
      'config: { a: { b: 1 } }',
      '6:14 config.a: received {"b":1}; it must be text, a finite number, true, false, null or a list of them',
    ],
    [
      'config: { a: [] }',
      '6:14 config.a: received []; a list is an axis and must have at least one value',
    ],
    [
      'config: { a: [1, 2, 1e0] }',
      '6:21 config.a[2]: received 1 a second time; it would make the same trials twice',
    ],
    [
      'config: { a: .nan }',
      '6:14 config.a: received NaN; it must be text, a finite number, true, false, null or a list of them',
    ],
    [
      'config: { a: [[1, -.inf]] }',
      '6:19 config.a[0][1]: received -Infinity; it must be text, a finite number, true, false, null or a list of them',
    ],
    [
      'config: { a: [1e400] }',
      '6:15 config.a[0]: received Infinity; it must be text, a finite number, true, false, null or a list of them',
    ],
    ['name: again', '6:1 : the key name is given twice'],
    ['config: { a: 1, "a": 2 }', '6:17 : the key a is given twice'],
    ['__proto__: 1', '6:1 : the key __proto__ is not allowed'],
    ['config: { constructor: 1 }', '6:11 : the key constructor is not allowed'],
    ['config: { a: { prototype: 1 } }', '6:16 : the key prototype is not allowed'],
  ])('say what is wrong with the line %s', (line, problem) => {
    expect(withLines(line)).toContain(problem);
    expect(withLines(line).length).toBe(line.includes('a: { prototype') ? 2 : 1);
  });

  it.each([
    [
      'name: digits lr',
      '1:7 name: received "digits lr"; it must be at most 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit',
    ],
    [
      'name: 5',
      '1:7 name: received 5; it must be at most 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit',
    ],
    [
      'name: a/b@c',
      '1:7 name: received "a/b@c"; it must be at most 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit',
    ],
  ])('refuse %s, as ids are made of it', (line, problem) => {
    expect(problemsOf(`${HEAD.replace('name: test', line)}${FIXED}`)).toEqual([problem]);
  });

  it.each([
    ['mode: max', '3:12 objective.metric: received nothing; it must be the name of a metric'],
    [
      'metric: " ", mode: max',
      '3:22 objective.metric: received " "; it must be the name of a metric',
    ],
    ['metric: loss', '3:14 objective.mode: received nothing; it must be one of min, max'],
    ['metric: loss, mode: low', '3:34 objective.mode: received "low"; it must be one of min, max'],
    [
      'metric: loss, mode: min, at: lst',
      '3:43 objective.at: received "lst"; it must be one of best, last (did you mean last?)',
    ],
  ])('say what is wrong with the objective { %s }', (objective, problem) => {
    const text = `${HEAD.replace('metric: val_loss, mode: min', objective)}${FIXED}`;
    const [first] = problemsOf(text);
    expect(first?.replace(/^3:\d+ /, '')).toBe(problem.replace(/^3:\d+ /, ''));
  });
});

describe('all problems at once', () => {
  it('come in the order of the file, whatever finds them', () => {
    const text = `\
name: digits lr
trail: ./digits.ts
objective: { metric: val_loss, mode: min }
epochs: [20, 0, 20]
config:
  batch_size: [32, 64, 32]
  constructor: 3
learning_rate:
  - { strategy: fixed, lr: [0.1, -3] }
  - strategy: plateau
    lr: 0.1
    min_lr: 1
  - strategy: platau
    lr: 0.1
keep: bst
keep: best
`;
    expect(problemsOf(text).map((problem) => problem.split(': ')[0])).toEqual([
      '1:1 trial',
      '1:7 name',
      '2:1 trail',
      '4:14 epochs[1]',
      '4:17 epochs[2]',
      '6:24 config.batch_size[2]',
      '7:3 ',
      '9:34 learning_rate[0].lr[1]',
      '12:13 learning_rate[1].min_lr',
      '13:15 learning_rate[2].strategy',
      '16:1 ',
    ]);
  });

  it('stop at a hundred, and say how many more there are', () => {
    const lines = Array.from({ length: 250 }, (_, i) => `k${i}: 1`).join('\n');
    const problems = withLines(lines);
    expect(problems.length).toBe(101);
    expect(problems.at(-1)).toBe('106:1 : and 150 more problems from here on');
  });

  it('bear the name of the file', () => {
    const parsed = parseSweepFile('x: 1\n', { file: 'a/b.yaml' });
    expect(parsed.ok || new Set(parsed.problems.map(({ file }) => file))).toEqual(
      new Set(['a/b.yaml']),
    );
  });

  it('are those of the YAML alone when it is none', () => {
    expect(problemsOf('name: [a\nseed: 1\n')).toEqual([
      expect.stringMatching(/^\d:\d : Flow sequence/),
      ...problemsOf('name: [a\nseed: 1\n').slice(1),
    ]);
    expect(problemsOf('a: 1\n---\nb: 2\n')).toEqual([
      expect.stringMatching(/^2:1 : Source contains multiple documents/),
    ]);
    expect(problemsOf('a: !foo 1\n')).toEqual(['1:4 : Unresolved tag: !foo']);
    expect(problemsOf('a: !!binary aGk=\n')).toEqual([
      expect.stringMatching(/^1:4 : Unresolved tag/),
    ]);
  });

  it('point at an unknown key in a value that an alias repeats, where that value stands', () => {
    const items = '[&a { strategy: fixed, lr: 1, momentum: 1 }, *a]';
    const problems = problemsOf(`${HEAD}learning_rate: ${items}\n`);
    expect(problems).toEqual([
      '5:46 learning_rate[0].momentum: received the unknown key momentum; known are strategy, lr, warmup',
      '5:46 learning_rate[1].momentum: received the unknown key momentum; known are strategy, lr, warmup',
    ]);
  });
});
