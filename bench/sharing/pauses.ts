// Where a slot was idle in a recorded sweep: between two epochs of a stage, where a stage forked and went on in place, and where
// another stage was started. All from the results database: an epoch begins its own seconds before it was recorded.
// Times are of the coordinator, to the millisecond, when a report arrived: a delay of the report that comes before a pause makes
// the pause shorter, one behind it makes it longer, so single values are rough and medians are good.

import type { Results } from '../../src/results/open-results.ts';
import { type Distribution, toDistribution } from '../distribution.ts';

/** Milliseconds. A slot that waits because there is nothing to train is not counted. */
export type Pauses = {
  /** An epoch itself. */
  readonly epoch: Distribution;
  /** From one epoch of a stage to the next. */
  readonly between: Distribution;
  /** From the last epoch of a stage that forked to the first one of the class that stayed on the slot. */
  readonly inPlace: Distribution;
  /** From when the slot was free and the checkpoint there to the first epoch of a stage that begins from a checkpoint. */
  readonly fromCheckpoint: Distribution;
  /** The same for a stage that begins at the trial's start; never the first of a slot. */
  readonly fromScratch: Distribution;
};

const EPOCHS = 'SELECT seconds * 1000 FROM epoch';

const BETWEEN = `
  SELECT recorded_ms - seconds * 1000 - lag(recorded_ms) OVER (PARTITION BY stage_id, attempt ORDER BY epoch) FROM epoch`;

/** How a stage began, and how long after its slot was free and its parent had forked. */
const STARTS = `
  WITH run AS (
    SELECT a.agent_id, a.slot, a.stage_id, a.end, g.parent_id, g.from_epoch,
      min(e.recorded_ms - e.seconds * 1000) AS began_ms, max(e.recorded_ms) AS over_ms
    FROM attempt a JOIN stage g USING (stage_id) JOIN epoch e USING (stage_id, attempt)
    GROUP BY a.stage_id, a.attempt
  ), turn AS (
    SELECT *, lag(over_ms) OVER slots AS free_ms, lag(stage_id) OVER slots AS before_id, lag(end) OVER slots AS before_end,
      (SELECT max(p.ended_ms) FROM attempt p WHERE p.stage_id = run.parent_id) AS forked_ms
    FROM run WINDOW slots AS (PARTITION BY agent_id, slot ORDER BY began_ms)
  )
  SELECT
    CASE WHEN from_epoch = 0 THEN 'scratch' WHEN before_id = parent_id AND before_end = 'forked' THEN 'place' ELSE 'checkpoint' END AS how,
    began_ms - CASE WHEN before_id = parent_id THEN free_ms ELSE max(free_ms, coalesce(forked_ms, 0)) END AS pause_ms
  FROM turn WHERE free_ms IS NOT NULL`;

/** Reads the pauses of all sweeps in a database. */
export function readPauses(results: Results): Pauses {
  const read = (sql: string): Distribution =>
    toDistribution(results.query(sql).rows.flatMap(([ms]) => (ms === null ? [] : [Number(ms)])));
  const start = (how: string): Distribution =>
    read(`SELECT pause_ms FROM (${STARTS}) WHERE how = '${how}'`);
  return {
    epoch: read(EPOCHS),
    between: read(BETWEEN),
    inPlace: start('place'),
    fromCheckpoint: start('checkpoint'),
    fromScratch: start('scratch'),
  };
}
