// Code and data of sweeps on this machine, by content.
// Promise: a file appears under its hash only whole and verified; it is fetched once however many attempts ask at a time.

import { createHash, randomUUID } from 'node:crypto';
import { constants, mkdirSync, rmSync } from 'node:fs';
import { access, copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EspalierError } from '../../src/domain/errors.ts';
import type { FileRef, Sources } from '../core/assignment.ts';
import type { FetchedSources } from '../trial/attempt-host.ts';

/** Yields the bytes of a blob. */
export type Download = (sha256: string) => AsyncIterable<Uint8Array>;

/** The cache in a state folder: `bundles/HASH.mjs`, `blobs/HASH`, `files/HASH-OF-LIST/PATH`. */
export class SourceCache {
  readonly #folder: string;
  readonly #download: Download;
  readonly #inFlight = new Map<string, Promise<string>>();

  constructor(folder: string, download: Download) {
    this.#folder = folder;
    this.#download = download;
    rmSync(join(folder, 'partial'), { recursive: true, force: true });
    for (const name of ['bundles', 'blobs', 'files', 'partial']) {
      mkdirSync(join(folder, name), { recursive: true });
    }
  }

  /** Makes sure that the code and data are here, and says where. Throws what the download throws, or `EspalierError('storage')`. */
  async fetch(sources: Sources): Promise<FetchedSources> {
    const [bundle, files] = await Promise.all([
      this.#fetchBlob(sources.bundleSha256, join('bundles', `${sources.bundleSha256}.mjs`)),
      this.#fetchFiles(sources.files),
    ]);
    return { bundle, files };
  }

  /** The folder is a copy, since a trial may write into it and the blobs serve other sweeps too. */
  async #fetchFiles(files: readonly FileRef[]): Promise<string> {
    const list = files.map(({ path, sha256 }) => `${sha256} ${path}`);
    const name = createHash('sha256').update(list.join('\n')).digest('hex');
    return this.#once(join('files', name), async (partial) => {
      await mkdir(partial);
      for (const { path, sha256 } of files) {
        const blob = await this.#fetchBlob(sha256, join('blobs', sha256));
        const target = join(partial, path);
        await mkdir(dirname(target), { recursive: true });
        await copyFile(blob, target, constants.COPYFILE_FICLONE);
      }
    });
  }

  async #fetchBlob(sha256: string, name: string): Promise<string> {
    return this.#once(name, async (partial) => {
      await downloadTo(partial, sha256, this.#download);
    });
  }

  /** Makes `name` unless it is there, at most once at a time; what `make` wrote becomes visible when it is whole. */
  async #once(name: string, make: (partial: string) => Promise<void>): Promise<string> {
    const running = this.#inFlight.get(name) ?? this.#make(join(this.#folder, name), make);
    this.#inFlight.set(name, running);
    try {
      return await running;
    } finally {
      this.#inFlight.delete(name);
    }
  }

  async #make(path: string, make: (partial: string) => Promise<void>): Promise<string> {
    if (await isThere(path)) return path;
    const partial = join(this.#folder, 'partial', randomUUID());
    try {
      await make(partial);
      await rename(partial, path);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    return path;
  }
}

/** Writes a blob into a new file, synced. Throws what the download throws, or `EspalierError('storage')` if it arrives as another. */
export async function downloadTo(path: string, sha256: string, download: Download): Promise<void> {
  const file = await open(path, 'wx');
  try {
    const hash = createHash('sha256');
    for await (const chunk of download(sha256)) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    const found = hash.digest('hex');
    if (found !== sha256) {
      throw new EspalierError('storage', `the blob ${sha256} arrived as ${found}`);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
