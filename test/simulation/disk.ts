// An agent's checkpoints, in memory instead of on a disk: the rules of the real store, whose files are one hash each.

import { createHash } from 'node:crypto';
import type { SizedFile } from '../../src/domain/names.ts';
import { toManifestId } from '../../src/storage/manifest.ts';
import type { Start } from '../../agent/core/assignment.ts';
import type { Training } from './toy-training.ts';

/** A checkpoint's one file, by content. */
export type Blob = { readonly sha256: string; readonly text: string };

/** What an agent keeps over its restarts. */
export class Disk {
  readonly #folders = new Map<string, Training>();
  readonly #kept = new Map<string, Training>();
  /** The report that each was told in, by id. */
  readonly #reportedIn = new Map<string, number>();
  #reserved = 0;

  /** The agent starts anew: what is here was told in its earlier reports, if at all. */
  reopen(lastReport: number): void {
    this.#folders.clear();
    for (const id of this.#kept.keys()) this.#reportedIn.set(id, lastReport);
  }

  /** Somebody empties it. */
  lose(): void {
    this.#kept.clear();
    this.#reportedIn.clear();
  }

  ids(): readonly string[] {
    return [...this.#kept.keys()];
  }

  reserve(): string {
    this.#reserved += 1;
    return `partial/${this.#reserved}`;
  }

  /** A trial saves itself. */
  write(folder: string, training: Training): void {
    this.#folders.set(folder, training);
  }

  /** A trial restores itself; undefined if nothing is there. */
  read(folder: string): Training | undefined {
    return this.#kept.get(folder.replace('kept/', ''));
  }

  keep(folder: string): { id: string; files: readonly SizedFile[] } {
    const training = this.#folders.get(folder);
    if (training === undefined) throw new Error(`nothing was saved in ${folder}`);
    const { id, files } = toCheckpoint(training);
    this.#reportedIn.set(id, Number.MAX_SAFE_INTEGER);
    this.#kept.set(id, training);
    return { id, files };
  }

  reported(id: string, sequence: number): void {
    this.#reportedIn.set(id, sequence);
  }

  /** The folder of a checkpoint, from here or else from elsewhere; undefined where neither has it. */
  fetch(
    { id, files }: Start,
    download: (sha256: string) => string | undefined,
  ): string | undefined {
    if (this.#kept.has(id)) return `kept/${id}`;
    const text = download(files[0]?.sha256 ?? '');
    if (text === undefined) return undefined;
    this.#kept.set(id, JSON.parse(text) as Training);
    this.#reportedIn.set(id, this.#reportedIn.get(id) ?? 0);
    return `kept/${id}`;
  }

  /** What is to be sent of a checkpoint, if it is here. */
  manifest(id: string): { readonly files: readonly SizedFile[]; readonly blob: Blob } | undefined {
    const training = this.#kept.get(id);
    return training && toCheckpoint(training);
  }

  tidy(needed: ReadonlySet<string>, sequence: number): void {
    for (const [id, reportedIn] of this.#reportedIn) {
      if (needed.has(id) || reportedIn > sequence) continue;
      this.#reportedIn.delete(id);
      this.#kept.delete(id);
    }
  }
}

function toCheckpoint(training: Training): { id: string; files: SizedFile[]; blob: Blob } {
  const text = JSON.stringify(training);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const files = [{ path: 'model.json', sha256, sizeBytes: text.length }];
  return { id: toManifestId(files), files, blob: { sha256, text } };
}
