// `espalier lr find` as a user types it, on the digits, and on a trial that never comes to an end.

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { espalier, type Running, trialProcesses, until } from '../support/processes.ts';

const DIGITS = join(import.meta.dirname, '../../examples/digits/sweep.yaml');

type Json = {
  readonly seeds: readonly { readonly losses: readonly (number | string)[] }[];
  readonly suggestion: {
    readonly max_lr: number;
    readonly least: number;
    readonly greatest: number;
  };
};

/** The document of a test of the digits. */
async function findDigits(temporary: string): Promise<string> {
  const args = ['lr', 'find', DIGITS, '--json', '--steps', '90', '--seeds', '1,2'];
  const run = espalier(args, { env: { TMPDIR: temporary } });
  expect([await run.ended, run.output().slice(0, 1)]).toEqual([0, '{']);
  return run.output();
}

describe('on the digits', { timeout: 120_000 }, () => {
  test('a rate is suggested among those that train well, bit for bit the same each time, and nothing is left', async () => {
    const temporary = temporaryFolder();
    const before = readdirSync(join(DIGITS, '..'));
    const first = await findDigits(temporary);
    expect(await findDigits(temporary)).toBe(first);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(join(DIGITS, '..'))).toEqual(before);
    const { seeds, suggestion }: Json = JSON.parse(first);
    // Two epochs of 45 steps.
    expect(seeds.map(({ losses }) => losses.length)).toEqual([90, 90]);
    // 0.05 and 0.01 both learn the digits in the sweep; at 1 nothing is learned.
    expect(suggestion.max_lr).toBeGreaterThan(0.001);
    expect(suggestion.max_lr).toBeLessThan(0.3);
  });

  test("a loop of one's own that reports no losses is told what to add", async () => {
    const run = espalier([
      'lr',
      'find',
      sweepOf(`steps_per_epoch: 1, trainEpoch: async () => ({ metrics: {}, learningRate: 0 })`),
    ]);
    expect(await run.ended).toBe(8);
    expect(run.output()).toContain('if (request.reportLoss?.(step, loss) === false) break');
  });
});

/** A sweep whose trial is a loop of one's own. */
function sweepOf(trial: string): string {
  const folder = temporaryFolder();
  const file = join(folder, 'sweep.yaml');
  writeFileSync(
    join(folder, 'trial.mjs'),
    `import { defineTrial } from 'espalier';
     export default defineTrial({ open: () => ({ ${trial} }) });`,
  );
  writeFileSync(
    file,
    'name: own\ntrial: ./trial.mjs\nobjective: { metric: loss, mode: min }\nepochs: 1\nlearning_rate: [{ strategy: fixed, lr: 1 }]\n',
  );
  return file;
}

/** A range test that never ends; its processes know the folder `temporary`. */
async function findForever(): Promise<{ readonly run: Running; readonly temporary: string }> {
  const temporary = temporaryFolder();
  const forever = `steps_per_epoch: 1, trainEpoch: () => { console.log('in'); return new Promise(() => setInterval(() => {}, 1000)); }`;
  const run = espalier(['lr', 'find', sweepOf(forever)], { env: { TMPDIR: temporary } });
  await until('the trial', () => trialProcesses(temporary).length > 0);
  return { run, temporary };
}

test('Ctrl-C ends it, and neither a process nor a file is left', async () => {
  const { run, temporary } = await findForever();
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  expect(trialProcesses(temporary)).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
});

test('killed itself, it leaves no process', async () => {
  const { run, temporary } = await findForever();
  run.child.kill('SIGKILL');
  await run.ended;
  await until('the end of the trial', () => trialProcesses(temporary).length === 0);
});
