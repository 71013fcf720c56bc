// Range tests of several seeds on this machine. The trial is a small program.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { testRates } from '../../agent/test-rates.ts';
import type { Config } from '../../src/domain/sweep.ts';
import { temporaryFolder } from '../support/folder.ts';
import { poll } from './support/poll.ts';
import { isAlive } from './support/processes.ts';
import { HONEST } from './verify/record-sweep.ts';

const BUNDLE = Buffer.from('the bundle');
const RATES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

type Asked = {
  readonly config?: Config;
  readonly seeds?: readonly number[];
  readonly events?: unknown[];
  readonly epochMs?: number;
};

/** What comes of testing these seeds; nothing may be left of it. */
async function testSeeds({
  config = {},
  seeds = [1, 2, 3],
  events = [],
  epochMs,
}: Asked): ReturnType<typeof testRates> {
  const temporary = temporaryFolder();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const sha256 = createHash('sha256').update(BUNDLE).digest('hex');
  const work = {
    bundle: { sha256 },
    files: [{ path: 'data/a.txt', sha256 }],
    download: async function* (): AsyncGenerator<Uint8Array> {
      yield BUNDLE;
    },
    config,
    seeds,
    opening: { epochs: 8, backends: ['wasm'] },
    learningRates: RATES,
    stopFactor: 4,
    onOpened: (seed: number): void => void events.push(`opened ${seed}`),
    onTested: (seed: number): void => void events.push(`tested ${seed}`),
  };
  const gpus = ['GPU-1', 'GPU-2'].map((uuid, index) => ({ index, uuid, description: '' }));
  const options = {
    trialArgv: HONEST,
    graceMs: 100,
    log: () => undefined,
    findGpus: async () => gpus,
    ...(epochMs !== undefined && { epochMs }),
  };
  try {
    return await testRates(work, options);
  } finally {
    expect(readdirSync(temporary)).toEqual([]);
  }
}

test('each seed has its losses, in the order asked for, the same every time', async () => {
  const events: unknown[] = [];
  const first = await testSeeds({ seeds: [3, 1, 2], events });
  expect(first.map(({ seed, stepsPerEpoch, backend }) => [seed, stepsPerEpoch, backend])).toEqual([
    [3, 4, 'cpu'],
    [1, 4, 'cpu'],
    [2, 4, 'cpu'],
  ]);
  expect(first.map(({ losses }) => losses[0])).toEqual([17, 5, 10]);
  // The first step was taken with a float32 rate.
  expect(first[1]?.losses[1]).toBe(1 + (2 - Math.fround(0.01) * 10 * 2) ** 2);
  expect(events.toSorted()).toEqual(
    [1, 2, 3].flatMap((seed) => `opened ${seed}`).concat(['tested 1', 'tested 2', 'tested 3']),
  );
  expect(await testSeeds({ seeds: [3, 1, 2] })).toEqual(first);
});

test('a test that stopped early says why', async () => {
  const [tested] = await testSeeds({ seeds: [1], config: { curvature: 1000 } });
  expect(tested).toMatchObject({ stopped: 'it is too high' });
  expect(tested?.losses.length).toBeLessThan(RATES.length);
});

test.each([
  ['cannot be opened', 'throw', 'seed 1: open: no such layer: attention\nthe last lines'],
  ['reports no losses', 'unreported', 'seed 1: range test: trainEpoch() reported no losses'],
  ['reports too many', 'surplus', 'seed 1: 11 losses came for the 10 steps of the range test'],
])('a trial that %s ends it all, in its own words', async (_, behaviour, words) => {
  await expect(testSeeds({ seeds: [1, 2, 3], config: { behaviour } })).rejects.toMatchObject({
    code: 'trials-failed',
    message: expect.stringContaining(words.replace('seed 1: ', '')),
  });
  await expect(testSeeds({ seeds: [1], config: { behaviour } })).rejects.toThrow(words);
});

test('a trial that is silent has the time of the epochs that its steps touch', async () => {
  const pids = join(temporaryFolder(), 'pids');
  const config = { behaviour: 'family', pids };
  await expect(testSeeds({ seeds: [1], config, epochMs: 50 })).rejects.toThrow(
    'did not answer range_test within 0.15 s',
  );
});

test('a signal ends it, and nothing is left of its processes', async () => {
  const pids = join(temporaryFolder(), 'pids');
  const testing = testSeeds({ seeds: [1], config: { behaviour: 'family', pids } });
  const ended = expect(testing).rejects.toMatchObject({ code: 'interrupted' });
  const read = (): number[] | undefined =>
    existsSync(pids) ? (JSON.parse(readFileSync(pids, 'utf8') || 'null') ?? undefined) : undefined;
  const family = (await poll('the trial', read)) ?? [];
  process.emit('SIGINT');
  await ended;
  expect(family.map(isAlive)).toEqual([false, false]);
});
