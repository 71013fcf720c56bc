// Recorded trials trained again: what is the same is said to be, and whatever is not is found. The trial is a small program.

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { verifyTrials } from '../../../agent/verify/verify-trials.ts';
import type { Comparison } from '../../../src/domain/comparison.ts';
import { openRecords } from '../../../src/results/recorded-trial.ts';
import { statePaths } from '../../../src/storage/state-folder.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { poll } from '../support/poll.ts';
import { isAlive } from '../support/processes.ts';
import { HONEST, recordSweep, type TrialToRecord } from './record-sweep.ts';

const FIXED = { strategy: 'fixed', lr: 0.1 };
const CYCLIC = { strategy: 'cyclic', base_lr: 0.01, max_lr: 0.1, step_size: 6 };
const PLATEAU = { strategy: 'plateau', lr: 0.1, factor: 0.5, patience: 1, min_delta: 0.05 };

/** What comes of each trial of the sweep in `state`; nothing may be left of it. */
async function verify(state: string, slots = 2): Promise<readonly Comparison[]> {
  const temporary = temporaryFolder();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { database, blobs } = statePaths(state);
  const records = openRecords(database);
  onTestFinished(() => records.close());
  const trialIds = Array.from({ length: 9 }, (_, i) => `s/${i + 1}`).filter((id) => isThere(id));
  const found = new Map<string, Comparison>();
  try {
    await verifyTrials(
      {
        records,
        blobs,
        sweepId: 's',
        trialIds,
        slots,
        onCompared: (id, comparison) => found.set(id, comparison),
        onEpoch: () => undefined,
      },
      { trialArgv: HONEST, graceMs: 100, log: () => undefined, findGpus: async () => [] },
    );
  } finally {
    expect(readdirSync(temporary)).toEqual([]);
  }
  return trialIds.map((id) => found.get(id) ?? { kind: 'unrecorded' });

  function isThere(id: string): boolean {
    try {
      return records.trial(id).trialId === id;
    } catch {
      return false;
    }
  }
}

const verifyOne = async (trial: TrialToRecord, change = ''): Promise<Comparison | undefined> =>
  (await verify(recordSweep([trial], change)))[0];

test('trials that were recorded as they train are the same, each alone, over all their stages', async () => {
  const warmup = { length: 6, start_factor: 0.1 };
  const state = recordSweep([
    { strategy: FIXED },
    { strategy: FIXED },
    { strategy: CYCLIC },
    { strategy: { strategy: 'step', lr: 0.1, step_size: 3 } },
    { strategy: PLATEAU },
    { strategy: { ...PLATEAU, warmup } },
  ]);
  expect(await verify(state)).toEqual(
    Array.from({ length: 6 }, () => ({ kind: 'same', epochs: 8 })),
  );
});

test('a trial that did not come to its end is compared as far as it came', async () => {
  const state = recordSweep([
    { strategy: CYCLIC, done: 3 },
    { strategy: FIXED, done: 0 },
  ]);
  expect(await verify(state)).toEqual([{ kind: 'same', epochs: 3 }, { kind: 'unrecorded' }]);
});

describe('a changed record is found', () => {
  test('wherever it is in an epoch', async () => {
    const bit = Math.fround(0.1) + 2 ** -54;
    const cases: readonly [string, object, string, number | undefined][] = [
      [`UPDATE metric SET value = 0.5 WHERE AND name = 'loss'`, FIXED, 'loss', 0.5],
      [
        `UPDATE metric SET kind = 'nan', value = NULL WHERE AND name = 'loss'`,
        FIXED,
        'loss',
        Number.NaN,
      ],
      [`DELETE FROM metric WHERE AND name = 'loss'`, FIXED, 'loss', undefined],
      [`UPDATE metric SET name = 'accuracy' WHERE AND name = 'val_odd'`, FIXED, 'accuracy', 0],
      [`UPDATE epoch SET lr_applied = ${bit} WHERE`, FIXED, 'learning rate read back', bit],
      [`UPDATE epoch SET steps = 5 WHERE`, FIXED, 'steps', 5],
      [
        `UPDATE learning_rate_series SET float32_values = x'0000003f' WHERE AND from_step = 3`,
        CYCLIC,
        'learning rate of step 3',
        0.5,
      ],
      [
        `DELETE FROM learning_rate_series WHERE AND from_step = 0`,
        CYCLIC,
        'learning rate of step 0',
        Number.NaN,
      ],
    ];
    const changes = cases.map(([sql], i) =>
      sql.replace('WHERE', `WHERE stage_id = 's/${i + 1}@2' AND epoch = 5`),
    );
    const trials = cases.map(([, strategy]) => ({ strategy }));
    const found = await verify(recordSweep(trials, changes.join(';')));
    const wanted = cases.map(([, , what, recorded]) => {
      const differences = expect.arrayContaining([expect.objectContaining({ what, recorded })]);
      return { kind: 'differs', epochs: 8, different: [{ epoch: 5, differences }] };
    });
    expect(found).toEqual(wanted);
  });

  test('a metric on which the learning rate depended: later epochs are compared as they train now', async () => {
    const change = `UPDATE metric SET value = -9 WHERE epoch = 1 AND name = 'val_loss'`;
    const comparison = await verifyOne({ strategy: PLATEAU }, change);
    expect(comparison).toMatchObject({ kind: 'differs', different: [{ epoch: 1 }] });
  });

  test('another strategy, from the first epoch on', async () => {
    const change = `UPDATE trial SET strategy_json = '{"strategy":"fixed","lr":0.2}'`;
    const comparison = await verifyOne({ strategy: FIXED }, change);
    expect(comparison).toMatchObject({ kind: 'differs', epochs: 8 });
    const { different } = comparison as Extract<Comparison, { kind: 'differs' }>;
    expect(different.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('an epoch without a record', async () => {
    const change = `DELETE FROM epoch WHERE epoch = 7`;
    expect(await verifyOne({ strategy: FIXED }, change)).toEqual({
      kind: 'differs',
      epochs: 8,
      different: [{ epoch: 7, differences: [] }],
    });
  });

  test('the steps of an epoch: nothing else can be compared then', async () => {
    expect(await verifyOne({ strategy: FIXED }, 'UPDATE stage SET steps_per_epoch = 5')).toEqual({
      kind: 'differs',
      epochs: 0,
      different: [
        { epoch: undefined, differences: [{ what: 'steps_per_epoch', recorded: 5, now: 4 }] },
      ],
    });
  });
});

test('what was recorded elsewhere is not compared, and opened once at most', async () => {
  const opens = join(temporaryFolder(), 'opens');
  const trial = { strategy: FIXED, config: { opens } };
  const change = `UPDATE stage SET numerics = 'a GPU of old' WHERE from_epoch > 0 AND sweep_id = 's' AND stage_id <> 's/3@2'`;
  const found = await verify(recordSweep([trial, trial, trial], change), 1);
  const elsewhere = { kind: 'elsewhere', recorded: 'a GPU of old', here: 'honest of cpu' };
  expect(found).toEqual([elsewhere, elsewhere, { kind: 'same', epochs: 8 }]);
  expect(readFileSync(opens, 'utf8')).toBe('xx');
});

test('a trial that fails says why, and the others go on', async () => {
  const state = recordSweep([
    { strategy: FIXED, config: { behaviour: 'throw' } },
    { strategy: FIXED, config: { behaviour: 'exit', at: 2 } },
    { strategy: FIXED },
  ]);
  const [thrown, exited, good] = await verify(state);
  expect(thrown).toEqual({
    kind: 'failed',
    message: 'open: no such layer: attention\nthe last lines of its output:\non its way out',
  });
  expect(exited).toMatchObject({
    kind: 'failed',
    message: expect.stringMatching(
      /^epoch 2: the trial's process exited with status 3\n.*\nopened the bundle with true$/,
    ),
  });
  expect(good).toEqual({ kind: 'same', epochs: 8 });
});

test('code or data that is gone is named', async () => {
  const state = recordSweep([{ strategy: FIXED }]);
  rmSync(statePaths(state).blobs, { recursive: true });
  await expect(verify(state)).rejects.toThrow(
    /code or data is not here any more: there is no .*blobs/,
  );
});

test('a signal ends it, and nothing is left of its processes', async () => {
  const pids = join(temporaryFolder(), 'pids');
  const state = recordSweep([{ strategy: FIXED, config: { behaviour: 'family', pids } }]);
  const verified = verify(state);
  const ended = expect(verified).rejects.toMatchObject({ code: 'interrupted' });
  const read = (): number[] | undefined =>
    existsSync(pids) ? (JSON.parse(readFileSync(pids, 'utf8') || 'null') ?? undefined) : undefined;
  const family = (await poll('the trial', read)) ?? [];
  expect(family.map(isAlive)).toEqual([true, true]);
  process.emit('SIGINT');
  await ended;
  expect(family.map(isAlive)).toEqual([false, false]);
  expect(process.listenerCount('SIGTERM')).toBe(0);
});
