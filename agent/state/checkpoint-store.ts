// Checkpoints on this machine, each in a folder named after its manifest.
// Promise: a folder appears under its id only whole; one that is needed, or that the coordinator may not have heard of, stays.

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { BOUNDS } from '../../src/domain/bounds.ts';
import { EspalierError } from '../../src/domain/errors.ts';
import { isSha256, type SizedFile } from '../../src/domain/names.ts';
import { fitsMessage, toManifestId } from '../../src/storage/manifest.ts';
import type { Start } from '../core/assignment.ts';
import { type Download, downloadTo } from './source-cache.ts';

/** A checkpoint by its manifest. */
export type KeptCheckpoint = { readonly id: string; readonly files: readonly SizedFile[] };

/** Failures of a download after which there is no use in another: it is not there, or is damaged. */
const GONE: ReadonlySet<string> = new Set(['not-found', 'storage']);

/** Not to be tidied before its report has a number. */
const UNREPORTED = Number.MAX_SAFE_INTEGER;

/** The checkpoints in a state folder: `checkpoints/ID/PATH`. */
export class CheckpointStore {
  readonly #folder: string;
  readonly #partial: string;
  readonly #download: Download;
  /** The report that each was told in, by id; what was here before this start, by the last report of then. */
  readonly #reportedIn = new Map<string, number>();
  /** Manifests of those that were hashed since this start: nothing but the agent writes there. */
  readonly #checked = new Map<string, readonly SizedFile[]>();
  readonly #inFlight = new Map<string, Promise<string | undefined>>();
  /** Folders get their names one after another: two slots may have saved the same. */
  #taken: Promise<void> = Promise.resolve();

  constructor(folder: string, download: Download, lastReport: number) {
    this.#folder = join(folder, 'checkpoints');
    this.#partial = join(this.#folder, 'partial');
    this.#download = download;
    rmSync(this.#partial, { recursive: true, force: true });
    mkdirSync(this.#partial, { recursive: true });
    for (const name of readdirSync(this.#folder))
      if (isSha256(name)) this.#reportedIn.set(name, lastReport);
  }

  /** A new empty folder, to be given to {@link keep}. */
  async reserve(): Promise<string> {
    const folder = join(this.#partial, randomUUID());
    await mkdir(folder);
    return folder;
  }

  /** Removes a reserved folder that nothing has come of; what cannot be removed now goes with the next start. */
  async discard(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }

  /** Keeps what lies in a reserved folder. Throws `EspalierError('invalid')` where that is nothing, or too much. */
  async keep(folder: string): Promise<KeptCheckpoint> {
    const files = await this.#listSaved(folder);
    const id = toManifestId(files);
    // Its report must not outlive it when the machine goes down.
    await Promise.all(files.map(async ({ path }) => sync(join(folder, path))));
    this.#reportedIn.set(id, UNREPORTED);
    await this.#take(folder, id, files);
    return { id, files };
  }

  /** Notes which report tells of a checkpoint. */
  reported(id: string, sequence: number): void {
    this.#reportedIn.set(id, sequence);
  }

  /** No report will tell of a checkpoint, unless one has. */
  forget(id: string): void {
    if (this.#reportedIn.get(id) === UNREPORTED) this.#reportedIn.set(id, 0);
  }

  /** The folder of a checkpoint, from here or else from the coordinator; undefined where neither has it. */
  async fetch(start: Start): Promise<string | undefined> {
    const running = this.#inFlight.get(start.id) ?? this.#fetch(start);
    this.#inFlight.set(start.id, running);
    try {
      return await running;
    } finally {
      this.#inFlight.delete(start.id);
    }
  }

  /** The manifest of a checkpoint that is here whole. */
  async manifest(id: string): Promise<KeptCheckpoint | undefined> {
    return this.#findHere(id);
  }

  /** The bytes of a file of a checkpoint. */
  read(id: string, path: string): AsyncIterable<Uint8Array> {
    return createReadStream(join(this.#folder, id, path));
  }

  /** Removes what is not needed, among the checkpoints that reports up to `sequence` told of. */
  tidy(needed: ReadonlySet<string>, sequence: number): void {
    for (const [id, reportedIn] of this.#reportedIn) {
      if (needed.has(id) || reportedIn > sequence) continue;
      this.#reportedIn.delete(id);
      this.#checked.delete(id);
      rmSync(join(this.#folder, id), { recursive: true, force: true });
    }
  }

  async #listSaved(folder: string): Promise<readonly SizedFile[]> {
    try {
      const files = await listFiles(folder);
      if (files.length > 0) return files;
      throw new EspalierError('invalid', 'the trial was asked to save and wrote no file');
    } catch (error) {
      await this.discard(folder);
      throw error;
    }
  }

  async #fetch({ id, files }: Start): Promise<string | undefined> {
    if ((await this.#findHere(id)) !== undefined) return join(this.#folder, id);
    const partial = await this.reserve();
    try {
      for (const file of files) await this.#fetchFile(join(partial, file.path), file.sha256);
      await this.#take(partial, id, files);
      this.#reportedIn.set(id, this.#reportedIn.get(id) ?? 0);
      return join(this.#folder, id);
    } catch (error) {
      if (error instanceof EspalierError && GONE.has(error.code)) return undefined;
      throw error;
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }

  /** One that was here before this start may have been cut short when the machine went down. */
  async #findHere(id: string): Promise<KeptCheckpoint | undefined> {
    const known = this.#checked.get(id);
    if (known !== undefined) return { id, files: known };
    const folder = join(this.#folder, id);
    const files = await listFiles(folder).catch(() => []);
    if (files.length > 0 && toManifestId(files) === id) {
      this.#checked.set(id, files);
      return { id, files };
    }
    await rm(folder, { recursive: true, force: true });
    return undefined;
  }

  async #take(folder: string, id: string, files: readonly SizedFile[]): Promise<void> {
    const taken = this.#taken.then(async () => this.#name(folder, id, files));
    this.#taken = taken.catch(() => undefined);
    return taken;
  }

  /** Somebody may be reading the same checkpoint: one that is here stays as it is. */
  async #name(folder: string, id: string, files: readonly SizedFile[]): Promise<void> {
    if (this.#checked.has(id)) return rm(folder, { recursive: true, force: true });
    const target = join(this.#folder, id);
    await rm(target, { recursive: true, force: true });
    await rename(folder, target);
    await sync(this.#folder);
    this.#checked.set(id, files);
  }

  async #fetchFile(path: string, sha256: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await downloadTo(path, sha256, this.#download);
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function listFiles(folder: string): Promise<readonly SizedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  if (paths.length > BOUNDS.checkpointFiles) {
    const message = `the trial saved ${paths.length} files; a checkpoint has at most ${BOUNDS.checkpointFiles}`;
    throw new EspalierError('invalid', message);
  }
  const files = await Promise.all(paths.map(async (path) => toFile(folder, path)));
  if (!fitsMessage(files))
    throw new EspalierError('invalid', 'the paths of the files that the trial saved are too long');
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function toFile(folder: string, path: string): Promise<SizedFile> {
  const hash = createHash('sha256');
  const bytes: AsyncIterable<Uint8Array> = createReadStream(path);
  for await (const chunk of bytes) hash.update(chunk);
  const { size } = await stat(path);
  const inner = relative(folder, path).split(sep).join('/');
  return { path: inner, sha256: hash.digest('hex'), sizeBytes: size };
}
