// What was thrown, as the answer `failed`. Promise: the message is the thrower's own; the stack names the user's files and lines
// and nothing of ours or of the libraries between.

import { dirname, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

import type { Answer } from './protocol.ts';

type Failed = Extract<Answer, { kind: 'failed' }>;

/** Our own modules: the folder above this one. */
const OURS = fileURLToPath(new URL('..', import.meta.url));

/** Turns anything thrown into an answer; `bundle` is the path of the module that was running. */
export function toFailed(thrown: unknown, bundle: string): Failed {
  if (!(thrown instanceof Error))
    return { kind: 'failed', message: cut(`the trial threw ${describe(thrown)}`) };
  const stack = cut(trimStack(thrown.stack ?? '', bundle));
  return { kind: 'failed', message: cut(messageOf(thrown)), ...(stack === '' ? {} : { stack }) };
}

/** Causes of causes that are told. */
const CAUSES_MOST = 5;

/** Characters of a message, and of a stack, at most. */
const WORDS_MOST = 16 * 1024;

function messageOf(error: Error, causes = CAUSES_MOST): string {
  const own =
    error.name === 'Error' || error.name === 'EspalierError'
      ? error.message
      : `${error.name}: ${error.message}`;
  if (!(error.cause instanceof Error) || own.includes(error.cause.message) || causes === 0)
    return own;
  return `${own} (caused by ${messageOf(error.cause, causes - 1)})`;
}

function cut(words: string): string {
  return words.slice(0, WORDS_MOST).toWellFormed();
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
  return typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 2, breakLength: Infinity });
}
