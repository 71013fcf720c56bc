import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SourceCache } from '../../../agent/state/source-cache.ts';
import { temporaryFolder } from '../../support/folder.ts';

function toHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function setUp(texts: readonly string[]) {
  const folder = temporaryFolder();
  const blobs = new Map(texts.map((text) => [toHash(text), text]));
  const downloads: string[] = [];
  const cache = new SourceCache(folder, async function* download(sha256) {
    downloads.push(sha256);
    for (const character of blobs.get(sha256) ?? '') yield Buffer.from(character);
  });
  return { folder, blobs, downloads, cache };
}

test('code and files lie where the sources say, whole', async () => {
  const { cache } = setUp(['code', 'data']);
  const files = [
    { path: 'a/b.txt', sha256: toHash('data') },
    { path: 'c.txt', sha256: toHash('data') },
  ];
  const found = await cache.fetch({ bundleSha256: toHash('code'), files });
  expect(readFileSync(found.bundle, 'utf8')).toBe('code');
  expect(found.bundle.endsWith('.mjs')).toBe(true);
  expect(readFileSync(join(found.files, 'a/b.txt'), 'utf8')).toBe('data');
  expect(readFileSync(join(found.files, 'c.txt'), 'utf8')).toBe('data');
});

test('attempts that ask at the same time and later share one download', async () => {
  const { cache, downloads } = setUp(['code', 'data']);
  const sources = {
    bundleSha256: toHash('code'),
    files: [{ path: 'a', sha256: toHash('data') }],
  };
  const [first, second] = await Promise.all([cache.fetch(sources), cache.fetch(sources)]);
  expect(await cache.fetch(sources)).toEqual(first);
  expect(second).toEqual(first);
  expect(downloads.toSorted()).toEqual([toHash('code'), toHash('data')].toSorted());
});

test('the same files under other names are another folder', async () => {
  const { cache } = setUp(['code', 'data']);
  const bundleSha256 = toHash('code');
  const [one, other] = await Promise.all(
    ['a', 'b'].map(async (path) =>
      cache.fetch({ bundleSha256, files: [{ path, sha256: toHash('data') }] }),
    ),
  );
  expect(one?.files).not.toBe(other?.files);
});

test('bytes that are not what they should be are refused, and nothing of them stays', async () => {
  const { cache, blobs, folder } = setUp(['code']);
  blobs.set(toHash('code'), 'other');
  const sources = { bundleSha256: toHash('code'), files: [] };
  await expect(cache.fetch(sources)).rejects.toMatchObject({ code: 'storage' });
  expect(readdirSync(join(folder, 'bundles'))).toEqual([]);
  expect(readdirSync(join(folder, 'partial'))).toEqual([]);
  blobs.set(toHash('code'), 'code');
  expect(readFileSync((await cache.fetch(sources)).bundle, 'utf8')).toBe('code');
});

test('what an earlier run had not finished is removed', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'partial'));
  writeFileSync(join(folder, 'partial', 'x'), 'half');
  const cache = new SourceCache(folder, () => {
    throw new Error('unwanted');
  });
  expect(cache).toBeDefined();
  expect(existsSync(join(folder, 'partial', 'x'))).toBe(false);
});
