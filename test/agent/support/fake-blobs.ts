// The fake coordinator's blobs: what agents fetch, upload and commit.

import { createHash } from 'node:crypto';
import {
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  status,
} from '@grpc/grpc-js';
import { toManifestId } from '../../../src/storage/manifest.ts';
import type {
  Checkpoint,
  CommitManifestRequest,
  CommitManifestResponse,
} from '../../../src/wire/generated/espalier/v1/agent.ts';
import type {
  FindMissingRequest,
  FindMissingResponse,
  GetBlobRequest,
  GetBlobResponse,
  PutBlobRequest,
  PutBlobResponse,
} from '../../../src/wire/generated/espalier/v1/blob.ts';

/** Blobs by content, and the handlers of the calls that are about them. */
export class FakeBlobs {
  /** Everything that arrived, in the order of arrival across all streams. */
  readonly journal: string[] = [];
  readonly blobs = new Map<string, Buffer>();
  readonly downloads: string[] = [];
  /** Blobs that were uploaded, in order; also those that were not answered. */
  readonly uploads: string[] = [];
  readonly commits: CommitManifestRequest[] = [];
  /** Checkpoints that are not committed. */
  refuses: (checkpoint: Checkpoint) => boolean = () => false;
  /** True: uploads are taken in and answered only by {@link answerUploads}. */
  isStalling = false;
  #unanswered: (() => void)[] = [];

  /** Answers uploads that have been taken in, and from now on those that come. */
  answerUploads(): void {
    this.isStalling = false;
    for (const answer of this.#unanswered.splice(0)) answer();
  }

  /** Keeps a blob and returns its hash. */
  keep(text: string): string {
    const bytes = Buffer.from(text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.blobs.set(sha256, bytes);
    return sha256;
  }

  /** Keeps the files of a checkpoint of the fake trial that has trained this: epoch and rate of each epoch. */
  keepCheckpoint(trained: readonly (readonly [epoch: number, rate: number])[]): Checkpoint {
    const texts = {
      'about.txt': 'what it has trained',
      'state/trained.json': JSON.stringify(trained),
    };
    const files = Object.entries(texts).map(([path, text]) => {
      return { path, sha256: this.keep(text), sizeBytes: text.length };
    });
    return { checkpointId: toManifestId(files), epoch: trained.length, files };
  }

  readonly findMissing: handleUnaryCall<FindMissingRequest, FindMissingResponse> = (
    { request },
    done,
  ) => done(null, { sha256: request.sha256.filter((sha256) => !this.blobs.has(sha256)) });

  readonly putBlob: handleClientStreamingCall<PutBlobRequest, PutBlobResponse> = (call, done) => {
    const chunks: Buffer[] = [];
    call.on('data', ({ part }: PutBlobRequest) => {
      if (part?.$case === 'chunk') chunks.push(part.chunk);
      if (part?.$case !== 'commit') return;
      const { sha256 } = part.commit;
      this.uploads.push(sha256);
      this.#unanswered.push(() => {
        this.blobs.set(sha256, Buffer.concat(chunks));
        done(null, {});
      });
      if (!this.isStalling) this.answerUploads();
    });
    call.on('error', () => undefined);
  };

  readonly commitManifest: handleUnaryCall<CommitManifestRequest, CommitManifestResponse> = (
    { request },
    done,
  ) => {
    if (request.checkpoint !== undefined && this.refuses(request.checkpoint)) {
      done({ code: status.INTERNAL, details: 'no luck' });
      return;
    }
    const missing = request.checkpoint?.files.find(({ sha256 }) => !this.blobs.has(sha256));
    if (missing !== undefined) {
      done({ code: status.NOT_FOUND, details: `${missing.path} has not been uploaded` });
      return;
    }
    this.commits.push(request);
    this.journal.push('commit');
    done(null, { needed: true });
  };

  readonly getBlob: handleServerStreamingCall<GetBlobRequest, GetBlobResponse> = (call) => {
    const { sha256 } = call.request;
    this.downloads.push(sha256);
    const blob = this.blobs.get(sha256);
    if (blob === undefined) {
      call.emit('error', { code: status.NOT_FOUND, details: `no blob ${sha256}` });
      return;
    }
    for (let at = 0; at < blob.length; at += 4) call.write({ chunk: blob.subarray(at, at + 4) });
    call.end();
  };
}
