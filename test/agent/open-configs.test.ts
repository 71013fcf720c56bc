// Configs opened one after another for a plan. The trial is a small program.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openConfigs } from '../../agent/open-configs.ts';
import type { Config } from '../../src/domain/sweep.ts';
import { temporaryFolder } from '../support/folder.ts';
import { poll } from './support/poll.ts';
import { isAlive } from './support/processes.ts';
import { HONEST } from './verify/record-sweep.ts';

const BUNDLE = Buffer.from('the bundle');

/** What comes of opening these configs; nothing may be left of it. */
async function open(configs: readonly Config[]): ReturnType<typeof openConfigs> {
  const temporary = temporaryFolder();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const sha256 = createHash('sha256').update(BUNDLE).digest('hex');
  const download = async function* (): AsyncGenerator<Uint8Array> {
    yield BUNDLE;
  };
  const opening = { seed: 1, epochs: 8, backends: ['wasm'] };
  const files = [{ path: 'data/a.txt', sha256 }];
  const work = { bundle: { sha256 }, files, download, configs, opening, onOpen: () => undefined };
  const gpus = ['GPU-1', 'GPU-2'].map((uuid, index) => ({ index, uuid, description: '' }));
  const options = { trialArgv: HONEST, graceMs: 100, log: () => undefined };
  try {
    return await openConfigs(work, { ...options, findGpus: async () => gpus });
  } finally {
    expect(readdirSync(temporary)).toEqual([]);
  }
}

test('steps, size and whether it can be saved are found out for each config', async () => {
  const { opened, slots } = await open([
    { steps: 5, units: 3 },
    { steps: 7, behaviour: 'unsavable' },
  ]);
  expect(opened).toEqual([
    {
      facts: { stepsPerEpoch: 5, canSave: true, checkpointBytes: 3000 },
      problem: undefined,
      backend: 'cpu',
      fixedDropouts: [],
    },
    {
      facts: { stepsPerEpoch: 7, canSave: false, checkpointBytes: 0 },
      problem: undefined,
      backend: 'cpu',
      fixedDropouts: [],
    },
  ]);
  expect(slots).toBe(2);
});

test('what cannot be opened or saved says why, and the next is opened by another process', async () => {
  const { opened } = await open([{ behaviour: 'throw' }, { behaviour: 'unsaved' }, {}]);
  expect(opened.map(({ problem }) => problem?.split('\n')[0])).toEqual([
    'open: no such layer: attention',
    'save: the disk is full of cats',
    undefined,
  ]);
  expect(opened.map(({ facts }) => facts?.stepsPerEpoch)).toEqual([undefined, undefined, 4]);
});

test('a second failure in the same words ends it', async () => {
  const { opened } = await open([{ behaviour: 'throw' }, {}, { behaviour: 'throw' }, {}]);
  expect(opened.map(({ problem }) => problem === undefined)).toEqual([false, true, false]);
});

test('a signal ends it, and nothing is left of its processes', async () => {
  const pids = join(temporaryFolder(), 'pids');
  const opening = open([
    { behaviour: 'family', pids },
    { behaviour: 'hang', pids },
  ]);
  const ended = expect(opening).rejects.toMatchObject({ code: 'interrupted' });
  const read = (): number[] | undefined =>
    existsSync(pids) ? (JSON.parse(readFileSync(pids, 'utf8') || 'null') ?? undefined) : undefined;
  const family = (await poll('the trial', read)) ?? [];
  process.emit('SIGTERM');
  await ended;
  expect(family.map(isAlive)).toEqual([false, false]);
});
