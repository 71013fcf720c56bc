// Runs a query in a process of its own and keeps the answer in a file without a name until it is whole.
// Promise: the query ends within its time, and with it its hold on the database, however slowly the answer is read; a query
// that fails prints nothing.

import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EspalierError } from '../../domain/errors.ts';
import type { Job, Outcome } from './job.ts';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));

/** An answer: an open file that holds it from its start, and whether rows are missing at its end. */
export type Answered = { readonly file: number; readonly isCut: boolean };

/**
 * The answer to a query, whose file the caller closes.
 * @throws EspalierError `busy` after `mostMs` milliseconds, or what the query failed with
 */
export async function runJob(job: Job, mostMs: number): Promise<Answered> {
  const file = openNameless();
  try {
    const outcome = await runChild(job, mostMs, file);
    if (outcome.kind === 'failed') throw new EspalierError(outcome.code, outcome.message);
    return { file, isCut: outcome.isCut };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function runChild(job: Job, mostMs: number, file: number): Promise<Outcome> {
  const child = spawn(process.execPath, [CHILD], { stdio: ['pipe', file, 'pipe'] });
  const { stdin, stderr } = child;
  if (stdin === null || stderr === null) throw new Error('the pipes of a query are missing');
  let [said, isLate] = ['', false];
  stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  // A child that has ended without reading says why by its status.
  stdin.on('error', () => undefined).end(JSON.stringify(job));
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, mostMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      clearTimeout(timer);
      if (isLate) reject(tooLong(mostMs));
      else if (status === 0)
        resolve(JSON.parse(said.slice(said.lastIndexOf('\n', said.length - 2) + 1)));
      else
        reject(
          new EspalierError(
            'storage',
            `the query's process ended with ${status ?? signal}: ${said}`,
          ),
        );
    });
  });
}

function tooLong(mostMs: number): EspalierError {
  return new EspalierError(
    'busy',
    `the query was ended after ${mostMs / 1000} s: ask for less, or give it more time with --timeout SECONDS`,
  );
}

function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-query-'));
  try {
    return openSync(join(folder, 'answer'), 'w+', 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
