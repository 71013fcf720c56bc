// What is read for a submission: module, data files, and what is wrong with them.

import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prepareSubmission } from '../../src/submission/prepare-submission.ts';
import { temporaryFolder } from '../support/folder.ts';

/** A folder with a sweep whose `files` are these patterns; the sweep file's path. */
function sweepWith(patterns: readonly string[], data: Readonly<Record<string, string>>): string {
  const folder = join(temporaryFolder(), 'sweep');
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'trial.ts'), 'export default { open: () => undefined };');
  for (const [path, text] of Object.entries(data)) writeFileSync(join(folder, path), text);
  const path = join(folder, 'sweep.yaml');
  writeFileSync(
    path,
    [
      'name: s',
      'trial: ./trial.ts',
      `files: ${JSON.stringify(patterns)}`,
      'objective: { metric: loss, mode: min }',
      'epochs: 1',
      'learning_rate: [{ strategy: fixed, lr: 1 }]',
    ].join('\n'),
  );
  return path;
}

/** Root may read everything, and does this as somebody who may not. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

async function readAll(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

describe('data files', () => {
  test('are found by patterns, each once, in the order of their names', async () => {
    const data = { 'data/b.csv': 'b', 'data/a.csv': 'aa', 'data/.hidden.csv': 'h', 'c.txt': 'c' };
    const { files } = await prepareSubmission(sweepWith(['./c.txt', 'data/*.csv', 'c.*'], data));
    expect(files.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
      ['c.txt', 1],
      ['data/.hidden.csv', 1],
      ['data/a.csv', 2],
      ['data/b.csv', 1],
    ]);
  });

  test('are named by their content and read in pieces', async () => {
    const text = 'x'.repeat(200_000);
    const { files } = await prepareSubmission(sweepWith(['big.bin'], { 'big.bin': text }));
    expect(files[0]?.sha256).toBe(createHash('sha256').update(text).digest('hex'));
    const sizes: number[] = [];
    for await (const piece of files[0]?.read() ?? []) sizes.push(piece.byteLength);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * 1024);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(200_000);
  });

  test('a pattern that matches none is named', async () => {
    await expect(prepareSubmission(sweepWith(['data/*.bin'], {}))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('files: data/*.bin matches no file in '),
    });
  });

  test('outside the folder of the sweep file do not travel', async () => {
    const path = sweepWith(['../secret.txt'], { '../secret.txt': '' });
    await expect(prepareSubmission(path)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('../secret.txt'),
    });
  });

  test('that have gone by the time they are uploaded are named', async () => {
    const path = sweepWith(['c.txt'], { 'c.txt': 'c' });
    const { files } = await prepareSubmission(path);
    const file = join(path, '../c.txt');
    rmSync(file);
    await expect(readAll(files[0]?.read() ?? fail())).rejects.toMatchObject({
      code: 'not-found',
      message: `cannot read the data file ${file}: there is no such file`,
    });
  });

  test('that may not be read are named', async () => {
    const path = sweepWith(['c.txt'], { 'c.txt': 'c' });
    // What bundles has begun its work by then.
    await prepareSubmission(path);
    chmodSync(join(path, '../..'), 0o755);
    chmodSync(join(path, '../c.txt'), 0);
    await expect(asNobody(async () => prepareSubmission(path))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/cannot read the data file .*c\.txt: its permissions/),
    });
  });
});

test('the module is bundled, and named by its content', async () => {
  const { bundle, spec, trials } = await prepareSubmission(sweepWith([], {}));
  const code = await readAll(bundle.read());
  expect(bundle.sizeBytes).toBe(code.byteLength);
  expect(bundle.sha256).toBe(createHash('sha256').update(code).digest('hex'));
  expect([spec.name, trials]).toEqual(['s', 1]);
});

function fail(): never {
  throw new Error('there is no file');
}
