// Looks whether a database is sound before anything is decided by it.
// Promise: what the state is read from has been checked page by page, and has the rows that it says; of large tables, which would keep a
// coordinator of a big sweep from coming back at once, a backup checks the pages.

import type { Database } from 'better-sqlite3';
import { EspalierError } from '../../src/domain/errors.ts';

/** Databases up to this size are checked whole. */
const WHOLE_MOST_BYTES = 64 * 1024 * 1024;

/** What the state is read from. */
const TABLES = [
  'meta',
  'sweep',
  'trial',
  'stage',
  'trial_stage',
  'attempt',
  'agent',
  'checkpoint',
  'found_rate',
];

/** The latest epoch that a stage says it has is the first that would be missing. */
const LOST = `
  SELECT s.stage_id AS stageId, s.recorded_epochs AS epochs FROM stage s
  WHERE s.recorded_epochs > 0 AND s.state <> 'ended'
    AND NOT EXISTS (SELECT 1 FROM epoch e WHERE e.stage_id = s.stage_id AND e.epoch = s.from_epoch + s.recorded_epochs - 1)
  LIMIT 1`;

/** @throws EspalierError `storage` with what is wrong and what to do */
export function assertSound(db: Database, path: string): void {
  const problem = findDamage(db) ?? findLoss(db);
  if (problem === undefined) return;
  throw new EspalierError(
    'storage',
    `${path} is damaged: ${problem}. Stop what writes into it and restore a backup with "espalier restore": agents tell what that has forgotten, and it is trained again`,
  );
}

function findDamage(db: Database): string | undefined {
  const isSmall = sizeOf(db) <= WHOLE_MOST_BYTES;
  const checks = isSmall ? ['quick_check(1)'] : TABLES.map((name) => `quick_check('${name}')`);
  return checks
    .map((check) => String(db.pragma(check, { simple: true })))
    .find((found) => found !== 'ok');
}

function findLoss(db: Database): string | undefined {
  const lost = db.prepare<[], { stageId: string; epochs: number }>(LOST).get();
  return (
    lost && `stage ${lost.stageId} has ${lost.epochs} epochs, and the rows of the last are missing`
  );
}

function sizeOf(db: Database): number {
  return (
    Number(db.pragma('page_count', { simple: true })) *
    Number(db.pragma('page_size', { simple: true }))
  );
}
