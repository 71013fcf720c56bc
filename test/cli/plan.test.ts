// `espalier plan` as it prints: for people, and as JSON.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test, vi } from 'vitest';

import { runPlan } from '../../src/cli/plan.ts';
import { HONEST } from '../agent/verify/record-sweep.ts';

const HEAD = ['name: small', 'trial: ./x.mjs', 'objective: { metric: val_loss, mode: min }'];

type Options = Partial<Parameters<typeof runPlan>[1]> & { readonly module?: string };

/** What the command prints for a sweep file with these lines, and the code of its failure. */
async function run(
  lines: readonly string[],
  { module = 'export default 1', ...options }: Options = {},
): Promise<{ readonly output: string; readonly code: string | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-plan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'sweep.yaml');
  writeFileSync(file, [...HEAD, ...lines].join('\n'));
  writeFileSync(join(folder, 'x.mjs'), module);
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  onTestFinished(() => write.mockRestore());
  const settings = { trialArgv: HONEST, graceMs: 100, findGpus: async () => GPUS };
  let code: string | undefined;
  try {
    await runPlan(file, { open: false, ...options }, settings);
  } catch (error) {
    code = (error as { code?: string }).code ?? String(error);
    if (written.length === 0) throw error;
  } finally {
    write.mockRestore();
  }
  return { output: written.join(''), code };
}

const GPUS = ['GPU-1', 'GPU-2'].map((uuid, index) => ({ index, uuid, description: '' }));

async function plan(lines: readonly string[], options: Options = {}): Promise<string> {
  const { output, code } = await run(lines, options);
  expect(code).toBeUndefined();
  return output;
}

const STEPS = [
  'epochs: 6',
  'seeds: [1, 2]',
  'learning_rate:',
  '  - { strategy: fixed, lr: 0.1 }',
  '  - { strategy: step, lr: 0.1, step_size: [3, 9] }',
];

test('a sweep without metrics is counted exactly', async () => {
  expect(await plan(STEPS)).toBe(
    [
      'small: 6 trials in 2 families of 3 trials each',
      'A family has one config and one seed: its trials differ only in learning rate or epochs, so they may share beginnings.',
      '',
      'STRATEGY  TRIALS',
      'fixed          2',
      'step           4',
      '',
      'epochs without sharing: 36',
      'epochs with sharing: 18 (2.00 times fewer)',
      '',
      'checkpoints at most held: 4 checkpoints and 2 a slot; how large one is only an opened trial tells',
      '  2 forks: one each, until every stage behind it has one of its own or is done',
      '  keep: best: 2',
      '  each slot that trains: 2, the latest and one on its way (checkpoint_every: 5 epochs)',
      '  besides: one for each paused trial, and for each stage that has failed or waits because its agent was lost; agents hold copies',
      '',
      'notes (trials of the first family; the others have the same)',
      '  #5: step_size 9 of 6 epochs: same as fixed lr 0.1',
      '  #5: equal to trial 1: the same learning rate at every step',
      '',
      'TRIAL  LEARNING RATE OVER TRAINING               FIRST  GREATEST  LAST',
      `#1     ${'▄'.repeat(40)}    0.1       0.1   0.1  fixed lr 0.1`,
      `#3     ${'█'.repeat(20)}${'▁'.repeat(20)}    0.1       0.1  0.01  step lr 0.1 step_size 3 (log scale)`,
      `#5     ${'▄'.repeat(40)}    0.1       0.1   0.1  step lr 0.1 step_size 9`,
      '',
    ].join('\n'),
  );
});

test('with plateaus it says both bounds and what each assumes', async () => {
  const lines = [
    'epochs: 10',
    'learning_rate: [{ strategy: plateau, lr: 0.1, patience: 2, factor: [0.1, 0.5] }]',
  ];
  const output = await plan(lines);
  expect(output).toContain(
    'epochs with sharing: at least 10, at most 17 (1.18 to 2.00 times fewer)',
  );
  expect(output).toContain('At least: a plateau never parts');
  expect(output).toContain('At most: plateaus share what is known beforehand');
  expect(output).toContain('to be finite');
  expect(output).toContain('Plateaus are drawn as if');
});

const IN_STEPS = [
  'epochs: 4',
  'learning_rate: [{ strategy: cyclic, base_lr: 0.1, max_lr: 0.2, step_size: 8 }]',
];

test('without the steps of an epoch it says what needs them and how to say them', async () => {
  const output = await plan(IN_STEPS);
  expect(output).toContain(
    'epochs with sharing: not known without the number of steps in an epoch (it matters to cyclic step_size); say steps_per_epoch: N in the sweep file, or --steps-per-epoch N',
  );
  expect(await plan(IN_STEPS, { stepsPerEpoch: 4 })).toContain('epochs with sharing: 4 ');
  expect(await plan([...IN_STEPS, 'steps_per_epoch: 4'])).toContain('epochs with sharing: 4 ');
});

test('a sweep of more strategies than fit is cut, and JSON has them', async () => {
  const rates = Array.from({ length: 50 }, (_, i) => (i + 1) / 100);
  const lines = ['epochs: 2', `learning_rate: [{ strategy: fixed, lr: [${rates.join(', ')}] }]`];
  expect(await plan(lines)).toContain('\nand 10 more (--json has them)\n');
  expect(JSON.parse(await plan(lines, { json: true })).curves).toHaveLength(50);
});

test('JSON has all of it', async () => {
  expect(JSON.parse(await plan(STEPS, { json: true }))).toMatchObject({
    name: 'small',
    trials: 6,
    families: 2,
    trials_per_family: 3,
    strategies: [
      { strategy: 'fixed', trials: 2 },
      { strategy: 'step', trials: 4 },
    ],
    sharing: 'on',
    steps_per_epoch: { from: 'assumed', count: 16, counts: [] },
    epochs: {
      without_sharing: 36,
      with_sharing: { least: 18, most: 18 },
      of_a_run: { least: 18, most: 18 },
      ratio: { least: 2, most: 2 },
      is_complete: true,
    },
    opened: null,
    checkpoints: {
      keep: 'best',
      checkpoint_every: 5,
      at_most: { forks: 2, kept: 2, per_slot: 2 },
      bytes_at_most: null,
    },
    notes: [
      { kind: 'degenerate', trials: [5] },
      { kind: 'equal', trials: [5] },
    ],
    curves: [{ trial: 1, first: 0.1 }, { trial: 3, last: 0.1 * 0.1, is_log: true }, { trial: 5 }],
    curves_left_out: 0,
  });
});

test('a sweep file that is wrong is refused with its place', async () => {
  await expect(plan(['epochs: 0', 'learning_rate: []'])).rejects.toThrow(/sweep\.yaml:4:9/);
});

test('where sharing is off a run trains every epoch, and there are no forks', async () => {
  const lines = [...STEPS, 'sharing: off'];
  const output = await plan(lines);
  expect(output).toContain(
    '\nepochs: 36, every trial alone, as sharing is off; sharing would make it 18 (2.00 times fewer)\n',
  );
  expect(output).toContain('  0 forks: ');
  expect(JSON.parse(await plan(lines, { json: true }))).toMatchObject({
    sharing: 'off',
    epochs: { with_sharing: { least: 18, most: 18 }, of_a_run: { least: 36, most: 36 } },
  });
});

/** Configs of the honest trial, whose steps need not be said. */
const CONFIGS = [
  ...IN_STEPS.slice(1),
  'epochs: 8',
  'config: { steps: [4, 8], units: [3, 5] }',
  'checkpoint_every: 2 epochs',
  'keep: none',
];

test('opened configs tell the steps of an epoch and the size of a checkpoint', async () => {
  const rates = [0.2, 0.3].map(
    (max) => `{ strategy: cyclic, base_lr: 0.1, max_lr: ${max}, step_size: 8 }`,
  );
  const steps = `{ strategy: multistep, lr: 0.1, milestones: [['8 steps'], ['16 steps']] }`;
  const lines = [...CONFIGS.slice(1), `learning_rate: [${rates.join(', ')}, ${steps}]`];
  const output = await plan(lines, { open: true });
  expect(output).toContain(
    [
      'opened 4 configs on cpu',
      'steps of an epoch: 4 (2 families), 8 (2 families)',
      'checkpoint bytes at most held: 16 kB and 10 kB a slot (36 kB with 2 slots)',
      '  that is 4 checkpoints and 2 a slot, of 3 kB to 5 kB each',
      '  4 forks: one each',
    ].join('\n'),
  );
  // Behind a cut after 2 and 4 epochs of 4 steps, after 1 and 2 epochs of 8.
  expect(output).toContain(`epochs with sharing: ${2 * (16 + 2 + 6 + 6) + 2 * (16 + 1 + 7 + 7)} (`);
});

test('of many configs some are opened, and the others are taken to be like them', async () => {
  const lines = [
    ...CONFIGS.slice(0, 2),
    `config: { units: [${Array.from({ length: 20 }, (_, i) => i + 1).join()}] }`,
  ];
  expect(await plan(lines, { open: true })).toContain(
    'opened 16 of 20 configs on cpu; the others are taken to be like them\nsteps of an epoch: 4\n',
  );
});

test('what was said of the steps gives way to what was seen', async () => {
  const output = await plan([...CONFIGS.slice(0, 2), 'steps_per_epoch: 9'], { open: true });
  expect(output).toContain('steps of an epoch: 4\nYou said 9 steps; what was seen counts.\n');
});

test('trials that cannot be saved share nothing and need no checkpoint', async () => {
  const lines = [...STEPS, 'config: { behaviour: unsavable }'];
  const output = await plan(lines.with(0, 'epochs: 8'), { open: true });
  expect(output).toContain('epochs with sharing: 48 (1.00 times fewer)\n');
  expect(output).toContain(
    'Trials of 2 of 2 families cannot be saved and restored: they share nothing',
  );
  expect(output).toContain('checkpoints: none, since no trial can be saved');
});

test('a config that cannot be opened is named with its reason; the rest of the plan is there', async () => {
  const lines = [...CONFIGS.slice(0, 2), 'config: { behaviour: [throw, good], units: 3 }'];
  const { output, code } = await run(lines, { open: true });
  expect(output).toContain(
    'config behaviour throw cannot be opened: open: no such layer: attention\n',
  );
  expect(output).toContain('opened 1 of 2 configs on cpu; the others are taken to be like them');
  expect(code).toBe('trials-failed');
  const { output: json } = await run(lines, { open: true, json: true });
  expect(JSON.parse(json)).toMatchObject({
    steps_per_epoch: { from: 'opened', count: 4, counts: [{ count: 4, families: 2 }] },
    opened: {
      configs: 2,
      problem: null,
      slots: 2,
      tried: [
        { config: { behaviour: 'throw' }, problem: expect.stringContaining('attention') },
        { config: { behaviour: 'good' }, problem: null, checkpoint_bytes: 3000 },
      ],
    },
    checkpoints: { bytes_at_most: { held: 6000, per_slot: 6000, on_this_machine: 18_000 } },
  });
});

test('a module that cannot be bundled leaves out what only it could tell', async () => {
  const { output, code } = await run(IN_STEPS, { open: true, module: 'export default {' });
  expect(output).toContain('epochs with sharing: not known without the number of steps');
  expect(output).toMatch(/No trial can be opened: x\.mjs:1/);
  expect(code).toBe('invalid');
});

test('range tests are counted once for each way to test and config, and what they find is drawn as a usual rate', async () => {
  const lines = [
    'epochs: 6',
    'config: { units: [8, 16, 32] }',
    'learning_rate:',
    '  - { strategy: fixed, lr: [{ find: {} }, { find: { suggest: steepest } }] }',
    '  - { strategy: cyclic, base_lr: { find: {} }, max_lr: { find: { seeds: [1], steps: 50 } }, step_size: 2 epochs }',
  ];
  const text = await plan(lines);
  // 3 seeds of 100 steps, and one of 50.
  expect(text).toContain(
    'Range tests come first: 350 steps for each of 3 configs.\nWhat they are to find is drawn and compared as 0.1, as base_lr 0.025, or a power of ten away.',
  );
  expect(text).toMatch(
    /#7 .* 0\.025 +0\.1 .*cyclic base_lr found by valley max_lr found by valley/,
  );
  expect(await plan(STEPS)).not.toContain('Range tests');
});
