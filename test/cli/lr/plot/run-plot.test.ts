// `espalier lr plot` as it prints, compared with frames that were looked at and kept in `frames/`.
// `vitest run test/cli/lr/plot -u` writes them anew; look at every difference before keeping it.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runPlot } from '../../../../src/cli/lr/plot/run-plot.ts';
import { elementsOf } from '../../../chart/elements-of.ts';
import { ended, epochReport, startSmall } from '../../../support/coordinator.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { printedBy, type Printed } from './printed-by.ts';

type Options = Partial<Parameters<typeof runPlot>[1]>;

/** What the command writes to both streams, where neither is a terminal. */
function run(what: readonly string[], options: Options = {}): Promise<Printed> {
  const all = { state: temporaryFolder(), momentum: true, width: 80, height: 24, ...options };
  return printedBy(() => runPlot(what, all));
}

async function plot(what: readonly string[], options: Options = {}): Promise<string> {
  return (await run(what, options)).out;
}

function file(name: string, ...lines: readonly string[]): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, lines.join('\n'));
  return path;
}

const TRIANGULAR2 =
  '{ strategy: cyclic, base_lr: 0.001, max_lr: 0.006, step_size: 4 epochs, mode: triangular2 }';
const MOVING =
  '{ strategy: cyclic, base_lr: 0.01, max_lr: 0.1, step_size: 4 epochs, base_momentum: 0.85, max_momentum: 0.95 }';
const PLATEAU = '{ strategy: plateau, lr: 0.1, factor: 0.3, patience: 3 }';
const STEP = '{ strategy: step, lr: 0.1, step_size: 6, gamma: 0.5 }';
const FIXED = '{ strategy: fixed, lr: 0.1 }';

const SWEEP = [
  'name: many',
  'trial: ./x.ts',
  'objective: { metric: val_loss, mode: min }',
  'epochs: [5, 10]',
  'seeds: [1, 2]',
  'learning_rate:',
  '  - { strategy: fixed, lr: [0.1, 0.05, 0.02] }',
  '  - { strategy: step, lr: 0.1, step_size: [2, 3, 4, 5] }',
  '  - { strategy: plateau, lr: 0.1, patience: 1 }',
];

describe('frames', () => {
  test.each<[string, readonly string[], Options]>([
    ['triangular2-80x24', [TRIANGULAR2], {}],
    ['plateau-and-step-80x24', [PLATEAU, STEP], {}],
    ['plateau-and-step-40x20', [PLATEAU, STEP], { width: 40, height: 20 }],
    ['momentum-80x24', [MOVING, FIXED], {}],
    [
      'warm-up-60x14',
      ['{ strategy: multistep, lr: 0.1, milestones: [8, 14], warmup: { length: 3 epochs } }'],
      { width: 60, height: 14 },
    ],
  ])('%s', async (name, what, options) => {
    await expect(await plot(what, options)).toMatchFileSnapshot(`frames/${name}.txt`);
  });
});

/** The row of signs above a strategy's curve. */
async function signsOf(text: string): Promise<string> {
  const lines = (await plot([text], { momentum: false })).split('\n');
  return lines.find((line) => /^ +[↘→▴▾↻▵]/u.test(line))?.trim() ?? '';
}

test('every strategy of the catalogue that has marks is marked', async () => {
  expect(await signsOf('{ strategy: one_cycle, max_lr: 0.1 }')).toBe('▴');
  expect(
    await signsOf('{ strategy: cosine_restarts, lr: 0.1, first: 5 epochs, t_mul: 1 }'),
  ).toMatch(/^↻ +↻ +↻$/);
  expect(await signsOf('{ strategy: wsd, lr: 0.1, decay: 5 epochs }')).toBe('↘');
  expect(await signsOf('{ strategy: cosine, lr: 0.1, min_lr: 0.01, decay_steps: 10 epochs }')).toBe(
    '→',
  );
  expect(
    await signsOf('{ strategy: polynomial, lr: 0.1, decay_steps: 5 epochs, cycle: true }'),
  ).toMatch(/^↻ +↻/);
  expect(await signsOf('{ strategy: cosine, lr: 0.1 }')).toBe('');
});

describe('strategies from the command line', () => {
  test('lists are grids', async () => {
    const output = await plot(['{ strategy: step, lr: [0.1, 0.01], step_size: [3, 5] }', FIXED]);
    expect(output.match(/━[a-e]━ .*/g)).toEqual([
      '━a━ step lr 0.1 step_size 3',
      '━b━ step lr 0.1 step_size 5',
      '━c━ step lr 0.01 step_size 3',
      '━d━ step lr 0.01 step_size 5',
      '━e━ fixed lr 0.1',
    ]);
  });

  test('JSON is YAML', async () => {
    expect(await plot(['{"strategy": "fixed", "lr": 0.1}'])).toContain('━━ fixed lr 0.1');
  });

  test('a supposed length of an epoch is said, a given one is taken', async () => {
    expect(await plot([FIXED])).toContain('20 epochs of 100 steps (supposed; --steps-per-epoch');
    expect(await plot([FIXED], { epochs: 3, stepsPerEpoch: 7 })).toMatch(
      /\n3 epochs of 7 steps\n$/,
    );
  });

  test('momentum is a second chart where it moves, unless it is not wanted', async () => {
    expect(await plot([MOVING])).toContain('\nmomentum\n');
    expect(await plot([MOVING], { momentum: false })).not.toContain('momentum\n');
    expect(await plot([FIXED])).not.toContain('momentum');
  });

  test('the scale is logarithmic where low rates last, linear where a curve merely ends near zero', async () => {
    expect(await plot(['{ strategy: step, lr: 1, step_size: 10, gamma: 0.01 }'])).toContain(
      '(log)',
    );
    expect(await plot(['{ strategy: step, lr: 1, step_size: 10 }'])).not.toContain('(log)');
    expect(await plot(['{ strategy: step, lr: 1, step_size: 10 }'], { scale: 'log' })).toContain(
      '(log)',
    );
    const late = '{ strategy: exponential, lr: 1, decay_rate: 0.03, decay_steps: 18 epochs }';
    expect(await plot([late])).not.toContain('(log)');
  });

  test('names are made safe for the terminal', async () => {
    const output = await plot([
      String.raw`{ strategy: plateau, lr: 0.1, mode: min, monitor: "a\e[31m\nb" }`,
    ]);
    expect(output).toContain('monitor a');
    expect(output).not.toContain('\u001B');
  });
});

describe('a sweep file', () => {
  test('its strategies are drawn once each, for their longest training; those left out are counted', async () => {
    const output = await plot([file('sweep.yaml', ...SWEEP)]);
    expect(output.match(/━[a-z]━ .*/g)).toEqual([
      '━a━ #3 fixed lr 0.1',
      '━b━ #7 fixed lr 0.05',
      '━c━ #11 fixed lr 0.02',
      '━d━ #15 step lr 0.1 step_size 2',
      '━e━ #19 step lr 0.1 step_size 3',
      '━f━ #23 step lr 0.1 step_size 4',
    ]);
    expect(output).toContain('10 epochs of 100 steps (supposed');
    expect(output).toContain(
      'the first 6; 2 more are left out: --trial N or --only STRATEGY chooses',
    );
  });

  test('trials are chosen by number, each with its own length', async () => {
    const output = await plot([file('sweep.yaml', ...SWEEP)], { trial: [13, 3] });
    expect(output).toContain('━a━ #13 step lr 0.1 step_size 2');
    expect(output).toContain('━b━ #3 fixed lr 0.1');
    expect(output).toContain('5, 10 epochs of 100 steps');
  });

  test('strategies are chosen by name', async () => {
    const output = await plot([file('sweep.yaml', ...SWEEP)], { only: 'plateau' });
    expect(output).toContain('━━ #31 plateau lr 0.1 patience 1');
    expect(output).toContain('val_loss: synthetic, improves for 3 epochs, then stays flat');
  });

  test("strategies of the trial's module are counted, not drawn", async () => {
    const sweep = file('sweep.yaml', ...SWEEP, '  - { strategy: own/bold, lr: [1, 2] }');
    expect(await plot([sweep])).toContain(
      "2 are not drawn: only the trial's module can evaluate own/…",
    );
    const refusal = {
      code: 'invalid',
      message: expect.stringContaining('received own/bold; only the trial'),
    };
    await expect(plot([sweep], { only: 'own/bold' })).rejects.toMatchObject(refusal);
    await expect(plot(['{ strategy: own/bold, lr: 1 }'])).rejects.toMatchObject(refusal);
  });

  test('it may say how many steps an epoch has', async () => {
    const sweep = file('sweep.yaml', ...SWEEP, 'steps_per_epoch: 12');
    expect(await plot([sweep])).toContain('10 epochs of 12 steps\n');
    expect(await plot([sweep], { stepsPerEpoch: 9 })).toContain('10 epochs of 9 steps\n');
  });
});

describe('what a plateau follows', () => {
  const LOSSES = [5, 4, 3, 2, 2, 2, 2, 2, 2];

  test('a file of metrics', async () => {
    const history = file(
      'history.csv',
      'epoch,val_loss',
      ...LOSSES.map((loss, i) => `${i},${loss}`),
    );
    const output = await plot([PLATEAU], { metrics: history });
    expect(output).toContain(
      `val_loss: 9 epochs from ${history}; epochs after that report nothing`,
    );
    const signs = output.split('\n').find((line) => /^ +▾/.test(line)) ?? '';
    expect(signs.match(/▾/g)).toHaveLength(1);
  });

  test('the record of a trial', async () => {
    const { state, agent } = await startSmall();
    await agent.report('small/1@0', 1, epochReport(0, 0.5));
    await agent.report('small/1@0', 1, epochReport(1, Number.NaN));
    await agent.report('small/1@0', 1, ended('completed'));
    const impatient = '{ strategy: plateau, lr: 0.1, patience: 1 }';
    const output = await plot([impatient], { trialMetrics: 'small/1', state, epochs: 3 });
    expect(output).toContain('val_loss: 2 epochs from the record of small/1; epochs after');
    expect(output).toContain('▾');
    await expect(plot([impatient], { trialMetrics: 'small/2', state })).rejects.toThrow(
      '--trial-metrics: small/2 has not recorded an epoch yet',
    );
    await expect(plot([impatient], { trialMetrics: 'small/9', state })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('nothing, if none of what is drawn follows a metric', async () => {
    const history = file('list.txt', '1 2 3');
    await expect(plot([STEP], { metrics: history })).rejects.toThrow(
      'none of what is drawn follows a metric',
    );
  });
});

describe('an SVG', () => {
  test('goes to a file, with the words on the error stream', async () => {
    const path = join(temporaryFolder(), 'rates.svg');
    const { out, err } = await run([MOVING, STEP], { svg: path, width: 640, height: 300 });
    expect(out).toBe('');
    expect(err).toContain(`written to ${path}\n`);
    const elements = elementsOf(readFileSync(path, 'utf8'));
    expect(elements.at(-1)?.attributes).toMatchObject({ width: '640', height: '450' });
    expect(elements[0]?.text).toMatch(/^Learning rate of cyclic .*; step lr 0\.1 step_size 6/);
    expect(elements[1]?.text).toContain('20 epochs of 100 steps');
  });

  test('goes to standard output, alone', async () => {
    const { out, err } = await run([PLATEAU], { svg: '-' });
    expect(elementsOf(out).at(-1)?.name).toBe('svg');
    expect(err).toContain('val_loss: synthetic');
  });

  test('that cannot be written says why', async () => {
    const path = join(temporaryFolder(), 'nowhere', 'x.svg');
    await expect(run([STEP], { svg: path })).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining(`--svg: cannot write ${path}: ENOENT`),
    });
  });
});

describe('what is wrong is said with the field, the value and the rule', () => {
  test.each<[string, Options, string, string]>([
    ['{ strategy: cyclik }', {}, 'invalid', 'strategy: received "cyclik"; it must be one of'],
    [
      '{ strategy: step, lr: -1, step_size: 2 }',
      {},
      'invalid',
      'lr: received -1; it must be a finite number, above 0',
    ],
    [
      '{ strategy: step, lr: 1, step_sise: 2 }',
      {},
      'invalid',
      'step_sise: received the unknown key step_sise; did you mean step_size?',
    ],
    [
      '{ strategy: cyclic, base_lr: 2, max_lr: 1, step_size: 4 }',
      {},
      'invalid',
      'base_lr: received 2 with max_lr 1; base_lr must be at most max_lr',
    ],
    ['{ strategy: step', {}, 'invalid', 'column 17: Flow map'],
    [
      '{ strategy: plateau, lr: 1, monitor: acc }',
      {},
      'invalid',
      'mode: received nothing; monitor "acc"',
    ],
    [
      'nowhere.yaml',
      {},
      'not-found',
      'cannot read the sweep file nowhere.yaml: there is no such file',
    ],
    [
      FIXED,
      { epochs: 100_000, stepsPerEpoch: 1000 },
      'usage',
      '--steps-per-epoch: received 1000 for 100000 epochs',
    ],
    [FIXED, { trial: [1] }, 'usage', '--trial chooses from a sweep file'],
    [FIXED, { only: 'fixd' }, 'not-found', '--only: received "fixd"; did you mean fixed?'],
    [
      PLATEAU,
      { metrics: 'nowhere.csv' },
      'not-found',
      '--metrics: cannot read nowhere.csv: ENOENT',
    ],
    [PLATEAU, { trialMetrics: 'a/1' }, 'not-found', 'no results at'],
  ])('%s %j', async (what, options, code, message) => {
    await expect(plot([what], options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('a grid that nobody could look at', async () => {
    const list = JSON.stringify(Array.from({ length: 101 }, (_, i) => i + 1));
    const grid = `{ strategy: step, lr: ${list}, step_size: ${list} }`;
    await expect(plot([grid])).rejects.toThrow(
      'received a grid of 10201; it must be at most 10000',
    );
  });

  test('a file of metrics that cannot be read', async () => {
    const path = file('x.csv', 'val_loss', 'high');
    await expect(plot([PLATEAU], { metrics: path })).rejects.toThrow(
      `--metrics ${path}: line 2, val_loss: received "high"`,
    );
    const other = file('x.csv', 'loss', '1');
    await expect(plot([PLATEAU], { metrics: other })).rejects.toThrow(
      `${other} has no val_loss, which is followed; it has loss`,
    );
  });

  test('strategies and a sweep file together', async () => {
    await expect(plot([FIXED, 'sweep.yaml'])).rejects.toThrow(
      'it must be strategies, each in braces, or one sweep file',
    );
  });

  test('a trial that the sweep does not have', async () => {
    await expect(plot([file('sweep.yaml', ...SWEEP)], { trial: [33] })).rejects.toThrow(
      '--trial: received 33; the sweep has the trials 1 to 32',
    );
  });
});
