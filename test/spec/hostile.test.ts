import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSweepFile } from '../../src/spec/parse-sweep-file.ts';
import { formatProblems, type Problem } from '../../src/spec/problem.ts';

const GOOD = `\
name: test
trial: ./trial.ts
objective: { metric: val_loss, mode: min }
epochs: 3
learning_rate:
  - { strategy: fixed, lr: 0.1 }
`;

const problemsOf = (text: string): readonly Problem[] => {
  const parsed = parseSweepFile(text);
  const problems = parsed.ok ? [] : parsed.problems;
  const last = text.split('\n').length;
  for (const { line, column } of problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(last);
    expect(column).toBeGreaterThanOrEqual(1);
  }
  expect(problems.length).toBeLessThanOrEqual(101);
  expect(formatProblems(problems, text)).not.toMatch(/[^\P{Cc}\n]/u);
  return problems;
};

const numbers = (count: number): string => Array.from({ length: count }, (_, i) => i).join();

const lines = (indent: string): string =>
  Array.from({ length: 6000 }, (_, i) => `${indent}k${i}: 1\n`).join('');

/** A list of 20,000 bad values, and `count` strategies that repeat it. */
const withRepeats = (count: number): string => {
  const items = Array.from({ length: count }, () => '{ strategy: fixed, lr: *a }');
  const list = [`{ strategy: fixed, lr: &a [${'x,'.repeat(20_000)}] }`, ...items].join();
  return GOOD.replace(/learning_rate:[^]*/, `learning_rate: [${list}]\n`);
};

const PIECES =
  '[ ] { } & * ! | > % @ ` # " \' ? - : , ~ < = __proto__ &a *a << .nan 1e999 !!set plateau milestones config seeds é';

describe('a hostile sweep file', () => {
  it('has at most 64 KiB, counted in bytes', () => {
    const full = GOOD.padEnd(65_536, '#');
    expect(problemsOf(full)).toEqual([]);
    const over = [
      {
        line: 1,
        column: 1,
        message: 'the file has 65537 bytes, more than the 65536 (64 KiB) that are read',
      },
    ];
    expect(problemsOf(`${full}#`)).toMatchObject(over);
    expect(problemsOf(`${full.slice(0, -1)}é`)).toMatchObject(over);
    expect(problemsOf('#'.repeat(10_000_000))[0]?.message).toMatch(/10000000 bytes/);
  });

  it.each(['[', '{', '- ', '? ', 'a: {', '[{', '&a [', '{? ', '!t [', ': ', '[]: [', '- - ? '])(
    'is refused when %j nests it deeply, before the composer can run out of stack',
    (opening) => {
      const text = opening.repeat(Math.floor(65_536 / opening.length));
      const [problem, ...others] = problemsOf(text);
      expect(others).toEqual([]);
      expect(problem?.message).toBe('nested deeper than the 40 levels that are read');
      expect(problem?.line).toBe(1);
      expect(problem?.column).toBeLessThan(400);
    },
  );

  it('may nest as deep as anybody needs', () => {
    expect(problemsOf(`${GOOD}config: { a: ${'['.repeat(30)}1${']'.repeat(30)} }\n`)).toEqual([]);
    const [problem] = problemsOf(`${GOOD}config: { a: ${'['.repeat(40)}1${']'.repeat(40)} }\n`);
    expect(problem).toMatchObject({ line: 7, column: 51 });
  });

  it('cannot multiply itself by aliases', () => {
    const bomb = `${GOOD}config:\n  a: &a [1, 2]\n  b: &b [*a, *a]\n  c: &c [*b, *b]\n`;
    expect(problemsOf(bomb)).toMatchObject([
      { line: 9, column: 10, message: 'the alias *a stands inside a value with an anchor (&name)' },
      { line: 9, column: 14 },
      { line: 10, column: 10 },
      { line: 10, column: 14 },
    ]);
    const many = `${GOOD}config:\n  a: &a [1]\n  b: [${Array.from({ length: 17 }, () => '*a').join(', ')}]\n`;
    expect(problemsOf(many)).toMatchObject([
      { line: 9, column: 71, message: 'more than the 16 aliases (*name) that are read' },
    ]);
  });

  it('cannot contain itself', () => {
    expect(problemsOf(`${GOOD}config: { a: &a [*a] }\n`)).toMatchObject([{ line: 7, column: 18 }]);
    expect(problemsOf(`${GOOD}config: &c\n  a: *c\n`)).toMatchObject([{ line: 8, column: 6 }]);
  });

  it('cannot point at what is not there', () => {
    expect(problemsOf(`${GOOD}config: { a: *a }\n`)).toMatchObject([
      { line: 7, column: 14, message: 'the alias *a has no anchor &a before it' },
    ]);
  });

  it('cannot reach the prototype of anything', () => {
    const { length } = Object.keys(Object.prototype);
    for (const key of ['__proto__', '"__proto__"', '"\\x5f_proto__"', 'constructor', 'prototype']) {
      for (const text of [
        `${GOOD}${key}: { polluted: 1 }\n`,
        `${GOOD}config: { ${key}: 1 }\n`,
        GOOD.replace('lr: 0.1', `lr: 0.1, ${key}: 1`),
        GOOD.replace('mode: min', `mode: min, ${key}: 1`),
        `${GOOD}config: { a: [{ ${key}: { polluted: 1 } }] }\n`,
      ]) {
        const messages = problemsOf(text).map(({ message }) => message);
        expect(
          messages.filter((message) => /^the key \w+ is not allowed$/.test(message)),
        ).toHaveLength(1);
        expect(messages.join()).not.toMatch(/unknown key/);
      }
    }
    expect(Object.keys(Object.prototype).length).toBe(length);
    expect('polluted' in {}).toBe(false);
  });

  it.each(['? [a]\n  : 1', '? { a: 1 }\n  : 1', '? &a [1]\n  : *a', '!x y: 1', '<<: { lr: 1 }'])(
    'has only texts as keys, and merges nothing: not %j',
    (entry) => {
      expect(problemsOf(`${GOOD}config:\n  ${entry}\n`).length).toBeGreaterThanOrEqual(1);
    },
  );

  it('with a grid that could not be made is refused with its exact size', () => {
    const text = `${GOOD}seeds: [${numbers(1000)}]\nconfig: { a: [${numbers(1000)}], b: [${numbers(1000)}], c: [1, 2] }\n`;
    expect(problemsOf(text)).toMatchObject([
      {
        line: 5,
        column: 1,
        message: 'received a grid of 2,000,000,000 trials; it must be at most 100,000',
      },
    ]);
  });

  it('with a grid that nobody could write down is refused just the same', () => {
    const axes = Array.from({ length: 4000 }, (_, i) => `  k${i}: [1, 2]\n`).join('');
    const [problem] = problemsOf(`${GOOD}config:\n${axes}`);
    expect(problem?.message).toBe(
      'received a grid of about 1e1204 trials; it must be at most 100,000',
    );
  });

  it('with a strategy that could not be checked is refused as well', () => {
    const item = `{ strategy: plateau, lr: [${numbers(1000).slice(2)}], patience: [${numbers(1000)}], cooldown: [${numbers(1000)}] }`;
    const [problem] = problemsOf(GOOD.replace('{ strategy: fixed, lr: 0.1 }', item));
    expect(problem?.message).toMatch(/grid of 999,000,000 trials/);
  });

  it('with thousands of keys is read, good or bad', () => {
    expect(problemsOf(`${GOOD}config:\n${lines('  ')}`)).toEqual([]);
    expect(problemsOf(`${GOOD}${lines('')}`).at(-1)?.message).toMatch(/^and 5900 more problems/);
    const twice = `${GOOD}config:\n${'  k: 1\n'.repeat(9000)}`;
    expect(problemsOf(twice).at(-1)?.message).toMatch(/^and 8899 more problems/);
  });

  it('cannot repeat more by aliases than it may be long', () => {
    expect(problemsOf(withRepeats(1)).at(-1)?.message).toMatch(/^and \d+ more problems/);
    expect(problemsOf(withRepeats(2))).toMatchObject([
      { line: 5, message: 'the aliases (*name) repeat more than the 65536 bytes that are read' },
    ]);
  });

  it.each([
    '"',
    "'",
    '|',
    '%',
    '! ',
    '&a ',
    '*a ',
    '[]',
    '{}',
    '-\n',
    'a:\n',
    '\0',
    '\r',
    ',',
    '\u{2028}',
  ])('made of %j alone has problems and nothing worse', (piece) => {
    const text = piece.repeat(Math.floor(60_000 / new TextEncoder().encode(piece).length));
    expect(problemsOf(text).length).toBeGreaterThan(0);
  });

  it('never throws, whatever it is made of', () => {
    const words = [...GOOD.matchAll(/\w+|[^\w]/g)].map(([word]) => word);
    const pieces = fc.constantFrom(
      ...new Set(words),
      ...PIECES.split(' '),
      '- ',
      ': ',
      '  ',
      '\t',
      '\0',
      '\r',
      '---\n',
      '...\n',
      '\u{1F600}',
      '\u{D800}',
    );
    const garbage = fc.array(pieces, { maxLength: 60 }).map((list) => list.join(''));
    fc.assert(
      fc.property(fc.oneof(garbage, fc.string({ unit: 'binary' })), (text) => {
        problemsOf(text);
        problemsOf(`${GOOD}${text}`);
      }),
      { seed: 20, numRuns: 2000 },
    );
  });

  it('never throws when it is a good one with some characters changed', () => {
    const changes = fc.array(
      fc.record({ at: fc.nat(GOOD.length), cut: fc.nat(5), put: fc.string({ maxLength: 4 }) }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(changes, (list) => {
        const text = list.reduce(
          (before, { at, cut, put }) => before.slice(0, at) + put + before.slice(at + cut),
          GOOD,
        );
        problemsOf(text);
      }),
      { seed: 20, numRuns: 2000 },
    );
  });
});
