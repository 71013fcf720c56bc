// Commits an uploaded checkpoint. Promise: it becomes visible only if every file of its manifest is here, whole; otherwise the
// call is refused, and what was uploaded for it stays no longer than a checkpoint that is wanted has a use for it.

import { EspalierError } from '../../src/domain/errors.ts';
import type {
  CommitManifestRequest,
  CommitManifestResponse,
} from '../../src/wire/generated/espalier/v1/agent.ts';
import type { FileRef } from '../core/model.ts';
import { findCheckpoint } from '../core/path.ts';
import type { Loop } from '../loop.ts';
import type { Blobs } from '../store/blobs.ts';
import { removeUnreferenced } from './collect-blobs.ts';
import { toCheckpoint } from './to-event.ts';
import type { Uploaders } from './uploaders.ts';

/** What a commit works with. */
export type ManifestPorts = {
  readonly loop: Loop;
  readonly blobs: Blobs;
  readonly uploaders: Uploaders;
};

/** Answers that nobody needs it where it was released in the meantime; `who` is the agent, undefined for anybody. */
export async function commitManifest(
  { stageId, checkpoint: wire }: CommitManifestRequest,
  { loop, blobs, uploaders }: ManifestPorts,
  who: string | undefined,
): Promise<CommitManifestResponse> {
  try {
    const checkpoint = wire && toCheckpoint(wire);
    if (checkpoint?.kind !== 'checkpoint')
      throw new EspalierError('invalid', 'the manifest cannot be right');
    const { id, epoch, files } = checkpoint;
    const wanted = findCheckpoint(loop.state, { stageId, epoch });
    if (wanted?.id !== id) return { needed: false };
    for (const file of files) assertStored(file, blobs);
    await loop.post({ kind: 'uploaded', stageId, epoch, id });
    return { needed: true };
  } finally {
    const own = (wire?.files ?? []).filter(({ sha256 }) => uploaders.isOf(sha256, who));
    removeUnreferenced(loop.state, blobs, own);
  }
}

function assertStored({ path, sha256, sizeBytes }: FileRef, blobs: Blobs): void {
  const found = blobs.sizeOf(sha256);
  if (found === sizeBytes) return;
  throw new EspalierError(
    'not-found',
    found === undefined
      ? `${path.slice(0, 200)} of the checkpoint has not been uploaded`
      : `${path.slice(0, 200)} of the checkpoint has ${found} bytes, not ${sizeBytes}`,
  );
}
