// `espalier plan` as it prints: for people, and as JSON.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Command } from 'commander';
import { expect, onTestFinished, test, vi } from 'vitest';

import { addPlanCommand } from '../../src/cli/plan.ts';

const HEAD = ['name: small', 'trial: ./x.ts', 'objective: { metric: val_loss, mode: min }'];

/** What the command prints for a sweep file with these lines. */
async function plan(lines: readonly string[], ...options: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-plan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'sweep.yaml');
  writeFileSync(file, [...HEAD, ...lines].join('\n'));
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  onTestFinished(() => write.mockRestore());
  const program = new Command('espalier').exitOverride();
  addPlanCommand(program);
  await program.parseAsync(['plan', file, ...options], { from: 'user' });
  write.mockRestore();
  return written.join('');
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
      'Sharing is not built yet: today a run trains all 36 epochs. This is what sharing would save.',
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
  expect(await plan(IN_STEPS, '--steps-per-epoch', '4')).toContain('epochs with sharing: 4 ');
  expect(await plan([...IN_STEPS, 'steps_per_epoch: 4'])).toContain('epochs with sharing: 4 ');
});

test('a sweep of more strategies than fit is cut, and JSON has them', async () => {
  const rates = Array.from({ length: 50 }, (_, i) => (i + 1) / 100);
  const lines = ['epochs: 2', `learning_rate: [{ strategy: fixed, lr: [${rates.join(', ')}] }]`];
  expect(await plan(lines)).toContain('\nand 10 more (--json has them)\n');
  expect(JSON.parse(await plan(lines, '--json')).curves).toHaveLength(50);
});

test('JSON has all of it', async () => {
  expect(JSON.parse(await plan(STEPS, '--json'))).toMatchObject({
    name: 'small',
    trials: 6,
    families: 2,
    trials_per_family: 3,
    strategies: [
      { strategy: 'fixed', trials: 2 },
      { strategy: 'step', trials: 4 },
    ],
    sharing_is_built: false,
    steps_per_epoch: { from: 'assumed', count: 16 },
    epochs: {
      without_sharing: 36,
      with_sharing: { least: 18, most: 18 },
      ratio: { least: 2, most: 2 },
      is_complete: true,
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
