// Paths and hashes that come over the wire and become names on this machine's disk.
// Promise: no name from outside leaves the folder that it is joined to.

/** Whether `text` is a SHA-256 in hexadecimal, and so safe as a file's name. */
export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** Whether `path` is relative, with forward slashes, and stays inside the folder it is joined to. */
export function isInnerPath(path: string): boolean {
  if (path.length > 1024 || /[\0\\]/.test(path) || /^[A-Za-z]:/.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** A file by content: its path inside some folder, its SHA-256 in hexadecimal, its size. */
export type SizedFile = {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
};
