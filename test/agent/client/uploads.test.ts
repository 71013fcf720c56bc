import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLink } from '../../../agent/client/link.ts';
import { Uploads } from '../../../agent/client/uploads.ts';
import { CheckpointStore } from '../../../agent/state/checkpoint-store.ts';
import type { HeldCheckpoint } from '../../../src/wire/generated/espalier/v1/agent.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { FakeCoordinator } from '../support/fake-coordinator.ts';
import { poll } from '../support/poll.ts';

const NEVER = new AbortController().signal;

async function setUp() {
  const coordinator = await FakeCoordinator.start();
  const link = await openLink(coordinator.address, undefined, 5_000, NEVER);
  if (link === undefined) throw new Error('no link');
  onTestFinished(() => link.close());
  const state = temporaryFolder();
  const store = new CheckpointStore(state, () => [] as never, 0);
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const uploads = new Uploads({ store, link: async () => link, log });
  return { coordinator, state, store, uploads, lines };
}

/** Keeps a checkpoint of two files, one of which all have in common. */
async function save(store: CheckpointStore, epoch: number): Promise<HeldCheckpoint> {
  const folder = await store.reserve();
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'about.txt'), 'the same in all of them');
  writeFileSync(join(folder, 'inner/weights.bin'), `the weights after ${epoch} epochs`);
  const { id } = await store.keep(folder);
  return { stageId: 's1', epoch, checkpointId: id, stored: false };
}

function epochsOf({ commits }: FakeCoordinator): readonly (number | undefined)[] {
  return commits.map(({ checkpoint }) => checkpoint?.epoch);
}

test('what is listed as not stored is sent file by file and committed with its whole manifest', async () => {
  const { coordinator, store, uploads } = await setUp();
  const held = await save(store, 2);
  const manifest = await store.manifest(held.checkpointId);
  uploads.want([held]);
  expect(uploads.isDone).toBe(false);
  await poll('the end', () => uploads.isDone);
  expect(coordinator.uploads.length).toBe(2);
  expect(coordinator.commits).toEqual([
    {
      stageId: 's1',
      checkpoint: { checkpointId: held.checkpointId, epoch: 2, files: manifest?.files },
    },
  ]);
});

test('what is stored or not listed is not sent, nor a file that the coordinator has', async () => {
  const { coordinator, store, uploads } = await setUp();
  const [first, second, third] = [await save(store, 1), await save(store, 2), await save(store, 3)];
  uploads.want([{ ...first, stored: true }, second]);
  await poll('the second', () => uploads.isDone);
  uploads.want([third]);
  await poll('the third', () => uploads.isDone);
  expect(epochsOf(coordinator)).toEqual([2, 3]);
  expect(coordinator.uploads.length).toBe(3);
});

test('checkpoints are sent one at a time, and one that is not listed any more is left out', async () => {
  const { coordinator, store, uploads } = await setUp();
  const [first, second, third] = [await save(store, 1), await save(store, 2), await save(store, 3)];
  coordinator.isStalling = true;
  uploads.want([first, second]);
  await poll('the first', () => coordinator.uploads.length === 1);
  uploads.want([first, third]);
  coordinator.answerUploads();
  await poll('the end', () => uploads.isDone);
  expect(epochsOf(coordinator)).toEqual([1, 3]);
});

test('what was sent is not sent again while the coordinator has not said so, and is when it lacks it later', async () => {
  const { coordinator, store, uploads } = await setUp();
  const held = await save(store, 1);
  uploads.want([held]);
  await poll('the end', () => uploads.isDone);
  uploads.want([{ ...held }]);
  expect(uploads.isDone).toBe(true);
  uploads.want([]);
  uploads.want([held]);
  await poll('the second end', () => uploads.isDone);
  expect(epochsOf(coordinator)).toEqual([1, 1]);
});

test('what fails is told and tried again with the next list, and keeps back nothing else', async () => {
  const { coordinator, store, uploads, lines } = await setUp();
  const [first, second] = [await save(store, 1), await save(store, 2)];
  coordinator.refuses = (checkpoint) => checkpoint.epoch === 1;
  uploads.want([first, second]);
  // Another list that says the same comes before the failure.
  uploads.want([{ ...first }, { ...second }]);
  await poll('the second', () => coordinator.commits.length === 1);
  await poll('the failure', () => lines.length === 1);
  expect(lines[0]).toMatch(/^the checkpoint of s1 epoch 1 \(.*\) could not be sent: .*no luck/);
  expect(uploads.isDone).toBe(false);
  // It is tried again and again, and told once.
  let tries = 0;
  coordinator.refuses = () => (tries += 1) > 0;
  await poll('further tries', () => {
    uploads.want([first, second]);
    return tries > 2;
  });
  expect(lines.length).toBe(1);
  coordinator.refuses = () => false;
  await poll('the end', () => {
    uploads.want([first, second]);
    return uploads.isDone;
  });
  expect(epochsOf(coordinator)).toEqual([2, 1]);
});

test('a checkpoint that the disk has lost is let go', async () => {
  const { coordinator, state, store, uploads, lines } = await setUp();
  const held = await save(store, 1);
  rmSync(join(state, 'checkpoints'), { recursive: true });
  const later = new Uploads({
    store: new CheckpointStore(state, () => [] as never, 0),
    link: async () => Promise.reject(new Error('unwanted')),
    log: (line) => lines.push(line),
  });
  later.want([held]);
  await poll('the end', () => later.isDone);
  expect([uploads.isDone, coordinator.commits, lines]).toEqual([true, [], []]);
});
