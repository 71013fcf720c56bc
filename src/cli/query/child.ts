// The process that runs one query: SQLite cannot be interrupted from JavaScript, but a process can be ended.
// Promise: it does not outlive the command that started it, whatever the query does.

import { readFileSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { EspalierError, reasonOf } from '../../domain/errors.ts';
import { openForQueries } from '../../results/open-read-only.ts';
import { prepareQuery } from '../../results/prepare-query.ts';
import type { Job, Outcome } from './job.ts';
import { writeAnswer } from './write-answer.ts';

const [INPUT, OUTPUT] = [0, 1];
const BUFFERED_CHARACTERS = 65_536;

/** Looks from a thread of its own, since a query keeps the main one. */
const WATCHDOG = `
  const parent = process.ppid;
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 500);`;

new Worker(WATCHDOG, { eval: true }).unref();
process.stderr.write(`${JSON.stringify(outcomeOf())}\n`, () => process.exit());

function outcomeOf(): Outcome {
  try {
    const job: Job = JSON.parse(readFileSync(INPUT, 'utf8'));
    return { kind: 'done', isCut: answer(job) };
  } catch (error) {
    if (error instanceof EspalierError)
      return { kind: 'failed', code: error.code, message: error.message };
    return { kind: 'failed', code: 'storage', message: `the query failed: ${reasonOf(error)}` };
  }
}

function answer({ database, sql, parameters, format, most }: Job): boolean {
  const db = openForQueries(database);
  let text = '';
  const flush = (): void => {
    for (let rest = Buffer.from(text); rest.length > 0;)
      rest = rest.subarray(writeSync(OUTPUT, rest));
    text = '';
  };
  const isCut = writeAnswer(prepareQuery(db, sql, parameters), format, most, (piece) => {
    text += piece;
    if (text.length > BUFFERED_CHARACTERS) flush();
  });
  flush();
  db.close();
  return isCut;
}
