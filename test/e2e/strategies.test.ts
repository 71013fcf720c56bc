// Strategies of one's own as a user has them: exported by the trial's module, named in the sweep file.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { espalier } from '../support/processes.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/digits/own-strategy.yaml');
const MODULE = `
  import { defineStrategy, defineTrial } from 'espalier';
  export default defineTrial({ open: () => { throw new Error('nobody opens it'); } });
  export const moody = defineStrategy({
    about: 'Never the same twice.',
    fields: { lr: { type: { kind: 'number', above: 0 }, about: 'Learning rate.' } },
    create: ({ lr }) => ({
      start: () => null,
      controls: () => ({ learningRate: lr * Math.random() }),
      observe: (state) => state,
    }),
  });`;

describe("strategies of one's own", { timeout: 240_000 }, () => {
  test('share what they have in common, and come to the same alone', async () => {
    const state = temporaryFolder();
    const run = espalier(['run', EXAMPLE, '--plain', '--state', state, '--slots', '2']);
    expect(await run.ended).toBe(0);
    // The first epoch is one of five trials, the first two are of inverseRoot and fixed.
    expect(run.output()).toMatch(/completed: 40 of 40 epochs, \d\d trained/);
    const verify = espalier(['verify', 'digits-own', '--state', state, '--slots', '2']);
    expect([await verify.ended, verify.output()]).toEqual([
      0,
      expect.stringContaining('digits-own: 5 same\n'),
    ]);
  });

  test.each([
    [
      '{ strategy: own/moody, lr: 0.1 }',
      /own\/moody lr 0.1: gives other values in epoch 0 at another time/,
    ],
    [
      '{ strategy: own/moody, lr: 0 }',
      /own\/moody lr 0: lr: received 0; it must be a finite number, above 0/,
    ],
    [
      '{ strategy: own/mody, lr: 1 }',
      /received "own\/mody"; it must be one of own\/moody \(did you mean own\/moody\?\)/,
    ],
  ])('%s is refused before anything is submitted', async (item, problem) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'moody.mjs'), MODULE);
    const file = join(folder, 'sweep.yaml');
    writeFileSync(
      file,
      `name: moody\ntrial: ./moody.mjs\nobjective: { metric: val_loss, mode: min }\nepochs: 3\nlearning_rate: [${item}]\n`,
    );
    const submit = espalier(['submit', file, '--coordinator', '127.0.0.1:1']);
    expect([await submit.ended, submit.output()]).toEqual([3, expect.stringMatching(problem)]);
  });
});
