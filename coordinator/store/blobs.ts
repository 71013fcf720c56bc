// Content-addressed files beside the database. A blob is visible only whole: it is written under another name, checked
// against its declared size and SHA-256, synced, and then renamed.

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BOUNDS } from '../../src/domain/bounds.ts';
import { EspalierError } from '../../src/domain/errors.ts';

const SHA256 = /^[0-9a-f]{64}$/;

export type BlobCommit = { readonly sha256: string; readonly sizeBytes: number };
export type BlobPart =
  | { readonly kind: 'chunk'; readonly data: Uint8Array }
  | ({ readonly kind: 'commit' } & BlobCommit);

/** The blobs of one state folder. */
export class Blobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    // What a killed upload left behind.
    for (const name of readdirSync(folder))
      if (name.startsWith('partial-')) rmSync(join(folder, name));
  }

  /** Whether a blob is here, whole. */
  has(sha256: string): boolean {
    return SHA256.test(sha256) && existsSync(join(this.#folder, sha256));
  }

  /** Its size in bytes, if it is here. */
  sizeOf(sha256: string): number | undefined {
    if (!SHA256.test(sha256)) return undefined;
    return statSync(join(this.#folder, sha256), { throwIfNoEntry: false })?.size;
  }

  /** Blobs that have been here for longer than so many milliseconds. */
  olderThan(ms: number): readonly string[] {
    const latest = Date.now() - ms;
    return readdirSync(this.#folder)
      .filter((name) => SHA256.test(name))
      .filter((name) => statSync(join(this.#folder, name)).mtimeMs < latest);
  }

  /** Removes a blob; whoever reads it reads on. */
  remove(sha256: string): void {
    if (SHA256.test(sha256)) rmSync(join(this.#folder, sha256), { force: true });
  }

  /** Its bytes in chunks of 64 KiB. */
  read(sha256: string): AsyncIterable<Uint8Array> {
    if (!this.has(sha256)) throw new EspalierError('not-found', `no blob ${sha256.slice(0, 64)}`);
    return createReadStream(join(this.#folder, sha256), { highWaterMark: 64 * 1024 });
  }

  /** Stores what the parts say, if they end in a commit that fits them; otherwise nothing is left. */
  async put(parts: AsyncIterable<BlobPart>): Promise<void> {
    const partial = join(this.#folder, `partial-${randomUUID()}`);
    try {
      const { sha256 } = await writeChecked(partial, parts);
      await rename(partial, join(this.#folder, sha256));
      await syncFolder(this.#folder);
    } catch (error) {
      throw toStorageError(this.#folder, error);
    } finally {
      await rm(partial, { force: true });
    }
  }
}

/** The name of a blob must be as durable as the sweep that refers to it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function toStorageError(folder: string, error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  const why =
    error.code === 'ENOSPC' ? 'the disk is full: free some space and submit again' : error.message;
  return new EspalierError('storage', `cannot store a file in ${folder}: ${why}`, { cause: error });
}

async function writeChecked(path: string, parts: AsyncIterable<BlobPart>): Promise<BlobCommit> {
  const file = await open(path, 'wx');
  try {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const part of parts) {
      if (part.kind === 'commit') {
        assertFits(part, { sha256: hash.digest('hex'), sizeBytes });
        await file.sync();
        return part;
      }
      sizeBytes += part.data.byteLength;
      if (sizeBytes > BOUNDS.blobBytes)
        throw new EspalierError('invalid', `a blob is at most ${BOUNDS.blobBytes} bytes`);
      hash.update(part.data);
      await file.writeFile(part.data);
    }
    throw new EspalierError('invalid', 'the upload ended without its commit');
  } finally {
    await file.close();
  }
}

function assertFits(declared: BlobCommit, found: BlobCommit): void {
  if (declared.sha256 === found.sha256 && declared.sizeBytes === found.sizeBytes) return;
  throw new EspalierError(
    'invalid',
    `the upload is ${found.sizeBytes} bytes with SHA-256 ${found.sha256}, not what its commit says`,
  );
}
