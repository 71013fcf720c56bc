// Removes the files of checkpoints that nobody needs any more.
// Promise: a file is removed only when no stored checkpoint and no sweep refers to it, and after that was committed.

import type { FileRef, State } from '../core/model.ts';
import type { Loop } from '../loop.ts';
import type { Blobs } from '../store/blobs.ts';

/** What was uploaded and never committed is let be for so long at a start: its sender may still be at it. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/** Removes what an earlier run left, and from now on what is released. */
export function collectBlobs(loop: Loop, blobs: Blobs): void {
  const referenced = referencedIn(loop.state);
  for (const sha256 of blobs.olderThan(ABANDONED_MS))
    if (!referenced.has(sha256)) blobs.remove(sha256);
  let held = heldFiles(loop.state);
  loop.onCommit((facts) => {
    if (!facts.some(({ kind }) => kind === 'checkpoint-released' || kind === 'checkpoint-saved'))
      return;
    const before = held;
    held = heldFiles(loop.state);
    removeUnreferenced(loop.state, blobs, before);
  });
}

/** Removes those of some files that nothing refers to. */
export function removeUnreferenced(state: State, blobs: Blobs, files: readonly FileRef[]): void {
  const referenced = referencedIn(state);
  for (const { sha256 } of files) if (!referenced.has(sha256)) blobs.remove(sha256);
}

function referencedIn(state: State): ReadonlySet<string> {
  const sources = [...state.sweeps.values()].flatMap(({ bundle, files }) => [bundle, ...files]);
  return new Set([...sources, ...heldFiles(state)].map(({ sha256 }) => sha256));
}

function heldFiles(state: State): readonly FileRef[] {
  return [...state.checkpoints.values()].flat().flatMap(({ files }) => files);
}
