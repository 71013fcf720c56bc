import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CATALOGUE } from '../../src/lr/catalogue.ts';
import { parseStrategy } from '../../src/lr/parse-strategy.ts';
import { sweepFileSchema } from '../../src/spec/json-schema.ts';
import { parseSweepFile } from '../../src/spec/parse-sweep-file.ts';
import { isValid } from './draft-7.ts';

const SCHEMA = sweepFileSchema();
const LEAST = `\
name: least
trial: ./trial.ts
objective: { metric: accuracy, mode: max }
epochs: 3
learning_rate:
  - { strategy: fixed, lr: 0.1 }
`;

/** What the schema and the parser think of a text. */
const judge = (text: string): { schema: boolean; parser: boolean } => ({
  schema: isValid(SCHEMA, parse(text)),
  parser: parseSweepFile(text).ok,
});

const GOOD_LINES = [
  'seeds: 7',
  'seeds: [1, 2]',
  'files: []',
  'files: data.csv',
  'config: { a: 1, b: [x, y], c: [[1, 2], [3]], d: null, e: [true] }',
  'search: grid',
  'stop: none',
  'slots: { kind: gpu }',
  'sharing: on',
  'sharing: false',
  'checkpoint_every: 5 epochs',
  'checkpoint_every: 1 epoch',
  'checkpoint_every: 5',
  'keep: all',
  'retries: 0',
  'exclusive: true',
  'priority: -1',
  'backends: wasm',
  'steps_per_epoch: 47',
];
const BAD_LINES = [
  'seed: 7',
  'seeds: []',
  'seeds: 1.5',
  'files: [1]',
  'config: 5',
  'config: { a: { b: 1 } }',
  'config: { a: [] }',
  'search: random',
  'slots: { kind: tpu }',
  'slots: { count: 1 }',
  'sharing: maybe',
  'checkpoint_every: 5 steps',
  'checkpoint_every: 0',
  'keep: bst',
  'retries: -1',
  'exclusive: yes',
  'backends: [cuda]',
  'steps_per_epoch: 0',
];
const GOOD_ITEMS = [
  '{ strategy: fixed, lr: [0.1, 0.01], warmup: { length: 2 epochs } }',
  '{ strategy: fixed, lr: 0.1, warmup: [{ length: 5, start_factor: 0 }, { length: 1.5 epochs }] }',
  '{ strategy: step, lr: 0.1, step_size: [5, 2 epochs, 500 steps], gamma: 0.5 }',
  '{ strategy: multistep, lr: 0.1, milestones: [3, 5 epochs] }',
  '{ strategy: multistep, lr: 0.1, milestones: [[3], [5]] }',
  '{ strategy: plateau, lr: 0.1, patience: [1, 2], counting: torch }',
  '{ strategy: cyclic, base_lr: 0.01, max_lr: 0.1, step_size: 2e3, mode: triangular2 }',
  '{ strategy: fixed, lr: { find: {} } }',
  '{ strategy: fixed, lr: [0.1, { find: null }, { find: { suggest: steepest, times: 0.5 } }] }',
  '{ strategy: cyclic, base_lr: { find: { min_lr: 0, scale: linear } }, max_lr: { find: { seeds: [0, 4294967295] } }, step_size: 2 }',
  '{ strategy: one_cycle, max_lr: { find: { min_lr: 1e-5, max_lr: 1, steps: 6 } } }',
];
const BAD_ITEMS = [
  '{ lr: 0.1 }',
  '{ strategy: platau, lr: 0.1 }',
  '{ strategy: fixed }',
  '{ strategy: fixed, lr: [] }',
  '{ strategy: fixed, lr: 0 }',
  '{ strategy: fixed, lr: fast }',
  '{ strategy: fixed, lr: 0.1, gamma: 1 }',
  '{ strategy: fixed, lr: 0.1, warmup: 5 }',
  '{ strategy: fixed, lr: 0.1, warmup: { start_factor: 1 } }',
  '{ strategy: step, lr: 0.1, step_size: 2 weeks }',
  '{ strategy: step, lr: 0.1, step_size: -2 epochs }',
  '{ strategy: multistep, lr: 0.1, milestones: 5 }',
  '{ strategy: multistep, lr: 0.1, milestones: [] }',
  '{ strategy: plateau, lr: 0.1, factor: 1 }',
  '{ strategy: plateau, lr: 0.1, patience: 1.5 }',
  '{ strategy: fixed, lr: { found: {} } }',
  '{ strategy: fixed, lr: { find: 5 } }',
  '{ strategy: fixed, lr: { find: {}, times: 2 } }',
  '{ strategy: fixed, lr: { find: { step: 50 } } }',
  '{ strategy: fixed, lr: { find: { steps: 5 } } }',
  '{ strategy: fixed, lr: { find: { steps: 20001 } } }',
  '{ strategy: fixed, lr: { find: { scale: log } } }',
  '{ strategy: fixed, lr: { find: { suggest: best } } }',
  '{ strategy: fixed, lr: { find: { seeds: [] } } }',
  '{ strategy: fixed, lr: { find: { seeds: 1 } } }',
  '{ strategy: fixed, lr: { find: { seeds: [4294967296] } } }',
  '{ strategy: fixed, lr: { find: { seeds: [1, 1] } } }',
  `{ strategy: fixed, lr: { find: { seeds: [${Array.from({ length: 21 }, (_, i) => i).join()}] } } }`,
  '{ strategy: fixed, lr: { find: { times: 0 } } }',
  '{ strategy: fixed, lr: { find: { min_lr: -1 } } }',
  '{ strategy: fixed, lr: { find: { max_lr: 0 } } }',
  '{ strategy: cosine, lr: 0.1, min_lr: { find: {} } }',
  '{ strategy: range_test, min_lr: 0.1, max_lr: { find: {} } }',
  '{ strategy: piecewise, values: [{ find: {} }, 0.1], boundaries: [5] }',
  '{ strategy: own/mine, lr: { find: {} } }',
  '{ strategy: own/mine, lr: [{ find: {} }] }',
  'fixed',
];

describe('the JSON Schema of the sweep file', () => {
  it('is the one that ships with the package (else: npm run build, node scripts/write-schema.js)', () => {
    const shipped = readFileSync(new URL('../../sweep.schema.json', import.meta.url), 'utf8');
    expect(shipped).toBe(`${JSON.stringify(SCHEMA, undefined, 2)}\n`);
  });

  it('is draft-7, and needs what has no default', () => {
    expect(SCHEMA).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      required: ['name', 'trial', 'objective', 'epochs', 'learning_rate'],
      additionalProperties: false,
    });
  });

  it.each([...GOOD_LINES, '# nothing more'])('accepts %s, as the parser does', (line) => {
    expect(judge(`${LEAST}${line}\n`)).toEqual({ schema: true, parser: true });
  });

  it.each(BAD_LINES)('refuses %s, as the parser does', (line) => {
    expect(judge(`${LEAST}${line}\n`)).toEqual({ schema: false, parser: false });
  });

  it.each(GOOD_ITEMS)('accepts the strategy %s, as the parser does', (item) => {
    const text = LEAST.replace('{ strategy: fixed, lr: 0.1 }', item);
    expect(judge(text)).toEqual({ schema: true, parser: true });
  });

  it.each(BAD_ITEMS)('refuses the strategy %s, as the parser does', (item) => {
    const text = LEAST.replace('{ strategy: fixed, lr: 0.1 }', item);
    expect(judge(text)).toEqual({ schema: false, parser: false });
  });

  it.each(['name', 'trial', 'objective', 'epochs', 'learning_rate'])('needs %s', (key) => {
    const text = LEAST.replace(new RegExp(`^${key}:[^\\n]*\\n(  [^\\n]*\\n)*`, 'm'), '');
    expect(judge(text)).toEqual({ schema: false, parser: false });
  });
});

describe('the schema of each strategy', () => {
  const text = JSON.stringify(SCHEMA);

  it.each(Object.entries(CATALOGUE))(
    '%s has its fields with what they are about',
    (name, entry) => {
      expect(text).toContain(`"title":${JSON.stringify(name)},"description":`);
      for (const { about } of Object.values(entry.fields)) {
        expect(text).toContain(JSON.stringify(about));
      }
    },
  );

  it.each(Object.entries(CATALOGUE))('%s has the defaults of its fields', (name, { fields }) => {
    for (const field of Object.values(fields).filter((one) => one.default !== undefined)) {
      const meta = { description: field.about, default: field.default };
      expect(text).toContain(JSON.stringify(meta).slice(1, -1));
    }
    expect(parseStrategy({ strategy: name }).ok).toBe(false);
  });
});
