// The code and data of a prepared submission, got by content as an agent gets them, without a coordinator.

import type { LocalFile, PreparedSubmission } from './prepare-submission.ts';

/** Reads a file of the submission by its SHA-256. Its `read` fails with an EspalierError that names the file. */
export function toLocalDownload({
  bundle,
  files,
}: Pick<PreparedSubmission, 'bundle' | 'files'>): (sha256: string) => AsyncIterable<Uint8Array> {
  const contents = new Map([bundle, ...files].map((one): [string, LocalFile] => [one.sha256, one]));
  return (sha256) => {
    const file = contents.get(sha256);
    if (file === undefined) throw new Error(`nobody asked for ${sha256}`);
    return file.read();
  };
}
