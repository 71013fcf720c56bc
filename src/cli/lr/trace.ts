// `espalier lr trace`: prints the values of strategies, a line of JSON for each line of JSON.
// Promise: every line is answered, good or bad; a reader that goes away ends the command without a noise.

import { pipeline } from 'node:stream/promises';

import type { Command } from 'commander';

import { type JsonNumber, toJsonNumber } from '../../domain/json-number.ts';
import { withExample } from '../options.ts';
import { parseTraceRequest } from './trace-request.ts';
import { traceStrategy, type Training } from './trace-strategy.ts';

const EXAMPLE =
  '{"learning_rate": {"strategy": "step", "lr": 0.1, "step_size": "2 epochs"}, "epochs": 4, "steps_per_epoch": 2}';

/** Adds the command to `espalier lr`. */
export function addTraceCommand(lr: Command): void {
  const command = lr
    .command('trace')
    .description('print the learning rate of every step: JSON lines in, JSON lines out')
    .action(() => traceStream(process.stdin, process.stdout));
  withExample(command, `echo '${EXAMPLE}' | espalier lr trace`);
}

/** Answers every line of `input` on `output`, no faster than `output` is read; ends quietly when its reader has gone. */
export async function traceStream(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<void> {
  try {
    await pipeline(input, answerLines, output, { end: false });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function* answerLines(chunks: AsyncIterable<string | Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield `${traceLine(line)}\n`;
  }
  rest += decoder.decode();
  if (rest !== '') yield `${traceLine(rest)}\n`;
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

/**
 * Answers one line `{"learning_rate": {"strategy": …}, "epochs": N, "steps_per_epoch": M, "objective": {"metric", "mode"},
 * "metrics": [{…} of epoch 0, …]}` with `{"lr": [N × M float64 values]}`, and `"momentum"` where the strategy moves it, or
 * with `{"error": "field: value received; rule"}`. `objective` and `metrics` may be left out; an epoch without metrics
 * counts as not reported. Values that JSON lacks are the strings "NaN", "Infinity", "-Infinity". Never throws.
 */
export function traceLine(line: string): string {
  const request = parseTraceRequest(line);
  return JSON.stringify(typeof request === 'string' ? { error: request } : trace(request));
}

type Answer = { readonly lr: readonly JsonNumber[]; readonly momentum?: readonly JsonNumber[] };

function trace(training: Training): Answer {
  const { rates, momentum } = traceStrategy(training);
  const lr = Array.from(rates, toJsonNumber);
  return momentum === undefined ? { lr } : { lr, momentum: Array.from(momentum, toJsonNumber) };
}
