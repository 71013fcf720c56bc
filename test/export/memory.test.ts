// What an export holds in memory does not grow with the sweep: 30,000 epochs go through a heap in which they would have no room.

import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { statePaths } from '../../src/storage/state-folder.ts';
import { digitsState } from '../results/digits-results.ts';
import { temporaryFolder } from '../support/folder.ts';
import { espalier } from '../support/processes.ts';

const EPOCHS = 30_000;

/** MiB for what lives long; Node.js itself and the modules take half of it. */
const HEAP = 32;

/** Trial 4 goes on and on. */
const GROW = `
  UPDATE trial_stage SET to_epoch = NULL WHERE stage_id = 'digits/4@0';
  WITH RECURSIVE later (epoch) AS (SELECT 20 UNION ALL SELECT epoch + 1 FROM later WHERE epoch < ${EPOCHS - 1})
  INSERT INTO epoch SELECT stage_id, later.epoch, attempt, steps, lr_first, lr_last, lr_least, lr_greatest, lr_applied, seconds,
    recorded_ms + later.epoch FROM epoch, later WHERE stage_id = 'digits/4@0' AND epoch.epoch = 19;
  INSERT INTO metric SELECT stage_id, epoch, 'some metric ' || value, 'finite', epoch + 0.5
    FROM epoch, json_each('[1,2,3,4,5,6,7,8,9,10]') WHERE stage_id = 'digits/4@0'`;

test.each(['csv', 'parquet'])('%s', { timeout: 120_000 }, async (format) => {
  const [state, target] = [digitsState(), join(temporaryFolder(), 'out')];
  const db = new Database(statePaths(state).database);
  db.transaction(() => db.exec(GROW))();
  db.close();
  const running = espalier(
    ['export', 'digits', '--to', format, '-o', target, '--state', state, '--json'],
    {
      env: { NODE_OPTIONS: `--max-old-space-size=${HEAP}` },
    },
  );
  const status = await running.ended;
  expect(running.output()).toContain(`"epochs": ${EPOCHS + 640}`);
  expect(status).toBe(0);
});
