import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Start } from '../../../agent/core/assignment.ts';
import { CheckpointStore } from '../../../agent/state/checkpoint-store.ts';
import { EspalierError } from '../../../src/domain/errors.ts';
import { toManifestId } from '../../../src/storage/manifest.ts';
import { temporaryFolder } from '../../support/folder.ts';

type Texts = Readonly<Record<string, string>>;

const TEXTS: Texts = { 'model.json': '{}', 'weights/1.bin': 'the weights' };

function toHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A state folder, a coordinator's blobs, and stores over them: each one is a start of the agent. */
function setUp() {
  const folder = temporaryFolder();
  const blobs = new Map(Object.values(TEXTS).map((text) => [toHash(text), text]));
  const downloads: string[] = [];
  async function* download(sha256: string): AsyncGenerator<Uint8Array> {
    downloads.push(sha256);
    const text = blobs.get(sha256);
    if (text === undefined) throw new EspalierError('not-found', `no blob ${sha256}`);
    for (const character of text) yield Buffer.from(character);
  }
  const start = (lastReport = 0): CheckpointStore =>
    new CheckpointStore(folder, download, lastReport);
  return { at: join(folder, 'checkpoints'), blobs, downloads, start };
}

function toStart(texts: Texts = TEXTS): Start {
  const files = Object.entries(texts).map(([path, text]) => {
    return { path, sha256: toHash(text), sizeBytes: text.length };
  });
  return { id: toManifestId(files), epoch: 3, files };
}

function write(folder: string, texts: Texts): void {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function save(store: CheckpointStore, texts: Texts = TEXTS) {
  const folder = await store.reserve();
  write(folder, texts);
  return store.keep(folder);
}

async function toText(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function foldersIn(at: string): readonly string[] {
  return readdirSync(at).filter((name) => name !== 'partial');
}

test('what was saved is kept under the id of its manifest, with hash and size of every file', async () => {
  const { at, start } = setUp();
  const store = start();
  const kept = await save(store);
  expect(kept).toEqual({ id: toStart().id, files: toStart().files });
  expect(readFileSync(join(at, kept.id, 'weights/1.bin'), 'utf8')).toBe('the weights');
  expect(await store.manifest(kept.id)).toEqual(kept);
  expect(await toText(store.read(kept.id, 'weights/1.bin'))).toBe('the weights');
  expect(readdirSync(join(at, 'partial'))).toEqual([]);
});

test('a trial that saved no file is told so, and its folder goes', async () => {
  const { at, start } = setUp();
  const store = start();
  const folder = await store.reserve();
  mkdirSync(join(folder, 'empty'));
  await expect(store.keep(folder)).rejects.toMatchObject({
    code: 'invalid',
    message: 'the trial was asked to save and wrote no file',
  });
  expect(readdirSync(join(at, 'partial'))).toEqual([]);
});

test('a trial that saved more files than a manifest can name is told so, and its folder goes', async () => {
  const { at, start } = setUp();
  const texts = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`${n}.bin`, '']));
  await expect(save(start(), texts)).rejects.toMatchObject({
    code: 'invalid',
    message: 'the trial saved 1001 files; a checkpoint has at most 500',
  });
  expect(readdirSync(join(at, 'partial'))).toEqual([]);
});

test('a trial whose files have names too long to be told is told so, and its folder goes', async () => {
  const { at, start } = setUp();
  const deep = Array.from({ length: 4 }, () => 'x'.repeat(200)).join('/');
  const texts = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`${deep}/${n}`, '']));
  await expect(save(start(), texts)).rejects.toMatchObject({ code: 'invalid' });
  expect(readdirSync(join(at, 'partial'))).toEqual([]);
});

test('a checkpoint that is here is found without a download, also after a new start', async () => {
  const { at, downloads, start } = setUp();
  const { id } = await save(start());
  expect(await start().fetch(toStart())).toBe(join(at, id));
  expect(downloads).toEqual([]);
});

test('a checkpoint that is not here is downloaded, and lies there like one that was saved', async () => {
  const { at, downloads, start } = setUp();
  const store = start();
  const folder = await store.fetch(toStart());
  expect(folder).toBe(join(at, toStart().id));
  expect(readFileSync(join(folder ?? '', 'weights/1.bin'), 'utf8')).toBe('the weights');
  expect(await store.fetch(toStart())).toBe(folder);
  expect(downloads.length).toBe(2);
  expect(await store.manifest(toStart().id)).toEqual({ id: toStart().id, files: toStart().files });
});

test('attempts that want one checkpoint at a time share the download, and neither takes it from the other', async () => {
  const { downloads, start } = setUp();
  const store = start();
  const made: number[] = [];
  const fetch = async (): Promise<void> => {
    const folder = await store.fetch(toStart());
    made.push(statSync(folder ?? '').ino);
  };
  await Promise.all([fetch(), fetch()]);
  await fetch();
  expect(downloads.length).toBe(2);
  expect(new Set(made).size).toBe(1);
});

test('two trials that saved the same have one checkpoint, which is not taken from under whoever reads it', async () => {
  const { at, start } = setUp();
  const store = start();
  const { id } = await save(store);
  const before = statSync(join(at, id)).ino;
  expect((await save(store)).id).toBe(id);
  expect(statSync(join(at, id)).ino).toBe(before);
  expect(readdirSync(join(at, 'partial'))).toEqual([]);
});

test('a folder that was cut short before this start is found out, and downloaded instead', async () => {
  const { at, downloads, start } = setUp();
  const { id } = await save(start());
  writeFileSync(join(at, id, 'weights/1.bin'), 'the wei');
  expect(await start().manifest(id)).toBeUndefined();
  await save(start());
  writeFileSync(join(at, id, 'weights/1.bin'), 'the wei');
  const folder = await start().fetch(toStart());
  expect(downloads.length).toBe(2);
  expect(readFileSync(join(folder ?? '', 'weights/1.bin'), 'utf8')).toBe('the weights');
});

test('a checkpoint of which a file arrives as another is not there, and nothing of it stays', async () => {
  const { at, blobs, start } = setUp();
  blobs.set(toHash('the weights'), 'other weight');
  const store = start();
  expect(await store.fetch(toStart())).toBeUndefined();
  expect(foldersIn(at)).toEqual([]);
  expect(readdirSync(join(at, 'partial'))).toEqual([]);
  blobs.set(toHash('the weights'), 'the weights');
  expect(await store.fetch(toStart())).toBeDefined();
});

test('a checkpoint that nobody has any more is not there, and half of it is not kept', async () => {
  const { at, blobs, start } = setUp();
  blobs.delete(toHash('the weights'));
  expect(await start().fetch(toStart())).toBeUndefined();
  expect(foldersIn(at)).toEqual([]);
  expect(readdirSync(join(at, 'partial'))).toEqual([]);
});

test('what nobody needs goes once the coordinator has heard of it, and not before', async () => {
  const { at, start } = setUp();
  const store = start();
  const { id } = await save(store);
  // Its report has no number yet.
  store.tidy(new Set(), 1_000_000);
  expect(foldersIn(at)).toEqual([id]);
  store.reported(id, 7);
  store.tidy(new Set(), 6);
  store.tidy(new Set([id]), 7);
  expect(foldersIn(at)).toEqual([id]);
  store.tidy(new Set(), 7);
  expect(foldersIn(at)).toEqual([]);
  expect(await store.manifest(id)).toBeUndefined();
});

test('a checkpoint that no report will tell of goes at once', async () => {
  const { at, start } = setUp();
  const store = start();
  const { id } = await save(store);
  store.forget(id);
  store.tidy(new Set(), 0);
  expect(foldersIn(at)).toEqual([]);
});

test('a checkpoint that a report has told of is not forgotten', async () => {
  const { at, start } = setUp();
  const store = start();
  const { id } = await save(store);
  store.reported(id, 7);
  store.forget(id);
  store.tidy(new Set(), 6);
  expect(foldersIn(at)).toEqual([id]);
});

test('a checkpoint that was tidied is downloaded when it is wanted again', async () => {
  const { downloads, start } = setUp();
  const store = start();
  await store.fetch(toStart());
  store.tidy(new Set(), 0);
  await store.fetch(toStart());
  expect(downloads.length).toBe(4);
});

test('what an earlier start left is kept until the coordinator has its last report', async () => {
  const { at, start } = setUp();
  const { id } = await save(start());
  const store = start(9);
  store.tidy(new Set(), 8);
  expect(foldersIn(at)).toEqual([id]);
  store.tidy(new Set(), 9);
  expect(foldersIn(at)).toEqual([]);
});

test('what an earlier start had not finished goes at a start, and what is no checkpoint is let be', () => {
  const { at, start } = setUp();
  write(join(at, 'partial', 'x'), TEXTS);
  write(join(at, 'notes'), { 'a.txt': 'mine' });
  start().tidy(new Set(), 100);
  expect(readdirSync(join(at, 'partial'))).toEqual([]);
  expect(existsSync(join(at, 'notes', 'a.txt'))).toBe(true);
});
