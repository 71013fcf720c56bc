// Uploads and downloads of blobs.

import { BOUNDS } from '../../src/domain/bounds.ts';
import { EspalierError } from '../../src/domain/errors.ts';
import type {
  BlobServiceServer,
  PutBlobRequest,
} from '../../src/wire/generated/espalier/v1/blob.ts';
import type { Limits } from '../core/limits.ts';
import type { BlobPart, Blobs } from '../store/blobs.ts';
import type { Rim } from './handler.ts';
import { downloading, unary, uploading } from './handler.ts';
import { Seats } from './seats.ts';
import { sendWithin, withoutStall } from './stall.ts';
import type { Uploaders } from './uploaders.ts';

/** What the service works with. */
export type BlobPorts = {
  readonly blobs: Blobs;
  readonly limits: Limits;
  readonly uploaders: Uploaders;
};

/** Handlers of BlobService. */
export function createBlobService(
  { blobs, limits, uploaders }: BlobPorts,
  rim: Rim,
): BlobServiceServer {
  const seats = new Seats(limits.uploadsMost, 'uploads (uploadsMost)');
  return {
    findMissing: unary(rim, ({ sha256 }) => {
      if (sha256.length > BOUNDS.blobNames)
        throw new EspalierError(
          'invalid',
          `${sha256.length} blobs were asked for; it must be at most ${BOUNDS.blobNames} at once`,
        );
      return { sha256: sha256.filter((name) => !blobs.has(name)) };
    }),
    putBlob: uploading(rim, async (requests, { identity }) => {
      const parts = toParts(withoutStall(requests, limits.stallMs), (sha256) =>
        uploaders.note(sha256, identity?.id),
      );
      await seats.during(() => blobs.put(parts), identity?.id);
      return {};
    }),
    getBlob: downloading(rim, async (call) => {
      for await (const chunk of blobs.read(call.request.sha256))
        if (!(await sendWithin(call, { chunk }, limits.stallMs))) return;
    }),
  };
}

async function* toParts(
  requests: AsyncIterable<PutBlobRequest>,
  onCommit: (sha256: string) => void,
): AsyncGenerator<BlobPart> {
  for await (const { part } of requests) {
    if (part?.$case === 'chunk') yield { kind: 'chunk', data: part.chunk };
    if (part?.$case !== 'commit') continue;
    onCommit(part.commit.sha256);
    yield { kind: 'commit', ...part.commit };
  }
}
