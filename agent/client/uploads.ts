// Brings checkpoints to the coordinator in the background: whatever it lists as not stored, one at a time.
// Promise: level-triggered; what fails is tried again when the coordinator says the next time that it lacks it, and nothing that
// it does not list is sent.

import { status } from '@grpc/grpc-js';
import { protocolMetadata, withDeadline } from '../../src/wire/channel.ts';
import type {
  CommitManifestResponse,
  HeldCheckpoint,
} from '../../src/wire/generated/espalier/v1/agent.ts';
import type { FindMissingResponse } from '../../src/wire/generated/espalier/v1/blob.ts';
import { putBlob } from '../../src/wire/put-blob.ts';
import type { CheckpointStore, KeptCheckpoint } from '../state/checkpoint-store.ts';
import type { Link } from './link.ts';

/** What uploads need of the agent. */
export type UploadHost = {
  readonly store: Pick<CheckpointStore, 'manifest' | 'read'>;
  readonly link: () => Promise<Link>;
  readonly log: (line: string) => void;
};

/** Uploads for one agent. */
export class Uploads {
  readonly #host: UploadHost;
  #wanted: readonly HeldCheckpoint[] = [];
  /** Sent, though the coordinator has not said so yet. */
  #sent = new Set<string>();
  readonly #complained = new Set<string>();
  #isBusy = false;

  constructor(host: UploadHost) {
    this.#host = host;
  }

  /** Takes what the coordinator lists. */
  want(checkpoints: readonly HeldCheckpoint[]): void {
    this.#wanted = checkpoints.filter(({ stored }) => !stored);
    const listed = new Set(this.#wanted.map(toKey));
    this.#sent = new Set([...this.#sent].filter((key) => listed.has(key)));
    if (!this.#isBusy) void this.#work();
  }

  /** Whether everything that was listed has been sent. */
  get isDone(): boolean {
    return this.#wanted.every((checkpoint) => this.#sent.has(toKey(checkpoint)));
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    const failed = new Set<string>();
    for (;;) {
      const next = this.#wanted.find(
        (checkpoint) => !this.#sent.has(toKey(checkpoint)) && !failed.has(toKey(checkpoint)),
      );
      if (next === undefined) break;
      try {
        await this.#upload(next);
        this.#sent.add(toKey(next));
      } catch (error) {
        failed.add(toKey(next));
        this.#complain(next, error);
      }
    }
    this.#isBusy = false;
  }

  /** Once for each checkpoint, however often it is tried again. */
  #complain(checkpoint: HeldCheckpoint, error: unknown): void {
    const key = toKey(checkpoint);
    if (isCancelled(error) || !this.#isWanted(checkpoint) || this.#complained.has(key)) return;
    this.#complained.add(key);
    this.#host.log(`the checkpoint of ${key} could not be sent: ${String(error)}`);
  }

  /** Still, since a list may have come in the meantime. */
  #isWanted(checkpoint: HeldCheckpoint): boolean {
    return this.#wanted.some((wanted) => toKey(wanted) === toKey(checkpoint));
  }

  async #upload({ checkpointId, stageId, epoch }: HeldCheckpoint): Promise<void> {
    const kept = await this.#host.store.manifest(checkpointId);
    // Lost with a disk: a stage that needs it goes on from an earlier one.
    if (kept === undefined) return;
    const link = await this.#host.link();
    await this.#uploadFiles(link, kept);
    const checkpoint = { checkpointId, epoch, files: [...kept.files] };
    await call<CommitManifestResponse>((reply) =>
      link.agent.commitManifest({ stageId, checkpoint }, protocolMetadata(), withDeadline(), reply),
    );
  }

  async #uploadFiles({ blobs }: Link, { id, files }: KeptCheckpoint): Promise<void> {
    const request = { sha256: files.map(({ sha256 }) => sha256) };
    const { sha256: missing } = await call<FindMissingResponse>((reply) =>
      blobs.findMissing(request, protocolMetadata(), withDeadline(), reply),
    );
    for (const { path, sha256 } of files) {
      if (missing.includes(sha256)) await putBlob(blobs, this.#host.store.read(id, path), sha256);
    }
  }
}

function call<R>(start: (reply: (error: Error | null, response: R) => void) => void): Promise<R> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

function isCancelled(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === status.CANCELLED || code === status.UNAVAILABLE;
}

function toKey({ stageId, epoch, checkpointId }: HeldCheckpoint): string {
  return `${stageId} epoch ${epoch} (${checkpointId.slice(0, 12)})`;
}
