// What was thrown, as the answer `failed`. Promise: the message is the thrower's own; the stack names the user's files and lines
// and nothing of ours or of the libraries between.

import { dirname, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { Answer } from './protocol.ts';

type Failed = Extract<Answer, { kind: 'failed' }>;

/** Our own modules: the folder above this one. */
const OURS = fileURLToPath(new URL('..', import.meta.url));

/** Turns anything thrown into an answer; `bundle` is the path of the module that was running. */
export function toFailed(thrown: unknown, bundle: string): Failed {
  if (!(thrown instanceof Error))
    return { kind: 'failed', message: `the trial threw ${describe(thrown)}` };
  const stack = trimStack(thrown.stack ?? '', bundle);
  return { kind: 'failed', message: messageOf(thrown), ...(stack === '' ? {} : { stack }) };
}

function messageOf(error: Error): string {
  const own =
    error.name === 'Error' || error.name === 'EspalierError'
      ? error.message
      : `${error.name}: ${error.message}`;
  if (!(error.cause instanceof Error) || own.includes(error.cause.message)) return own;
  return `${own} (caused by ${messageOf(error.cause)})`;
}

function trimStack(stack: string, bundle: string): string {
  const folder = dirname(bundle) + sep;
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && isUsers(line))
    .map((line) => line.trim().replace(pathToFileURL(folder).href, '').replace(folder, ''))
    .join('\n');
}

function isUsers(line: string): boolean {
  const place = line.replace('file://', '');
  return !/node:|<anonymous>|[\\/]node_modules[\\/]/.test(place) && !place.includes(OURS);
}

function describe(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? String(thrown));
}
