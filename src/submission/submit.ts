// Uploads what the coordinator lacks, then submits.

import type { SubmitResponse } from '../wire/generated/espalier/v1/sweep.ts';
import type { SweepClient } from '../wire/sweep-client.ts';
import type { LocalFile, PreparedSubmission } from './prepare-submission.ts';

/** Submits a prepared sweep; `again` trains anew what is already recorded. */
export async function submit(
  client: SweepClient,
  prepared: PreparedSubmission,
  again: boolean,
): Promise<SubmitResponse> {
  const { bundle, files, text } = prepared;
  const all = [bundle, ...files];
  const missing = new Set(await client.findMissing(all.map((file) => file.sha256)));
  for (const file of all)
    if (missing.delete(file.sha256)) await client.putBlob(file.read(), file.sha256);
  return client.submit({ sweepFile: text, bundle: toRef(bundle), files: files.map(toRef), again });
}

function toRef({ path, sha256, sizeBytes }: LocalFile): {
  path: string;
  sha256: string;
  sizeBytes: number;
} {
  return { path, sha256, sizeBytes };
}
