// A recorded database: examples/digits/sweep.yaml and linear.yaml, and a sweep whose optimizer does not exist, on two agents of
// which one, `rack`, was killed with SIGKILL on the way and a third one joined. Logs and facts are left out. It was written with
// the first four schema files, so that whoever opens it here sees the later ones applied to a record of a real run.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openDatabase } from '../../coordinator/store/open.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { temporaryFolder } from '../support/folder.ts';

/** A state folder with the database, brought up to date as a coordinator does it. */
export function digitsState(): string {
  const state = temporaryFolder();
  const { database } = statePaths(state);
  const packed = readFileSync(join(import.meta.dirname, 'fixtures/digits.db.gz'));
  writeFileSync(database, gunzipSync(packed));
  openDatabase(database).close();
  return state;
}
