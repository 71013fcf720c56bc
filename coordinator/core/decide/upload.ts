// The files of a checkpoint have arrived.

import type { Upload } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { State } from '../model.ts';
import { findCheckpoint } from '../path.ts';

/** Nothing for one that is not wanted any more, or is another one by now. */
export function decideUpload(state: State, upload: Upload): readonly Fact[] {
  const { stageId, epoch } = upload;
  const checkpoint = findCheckpoint(state, upload);
  return checkpoint?.id === upload.id && !checkpoint.isStored
    ? [{ kind: 'checkpoint-stored', stageId, epoch }]
    : [];
}
