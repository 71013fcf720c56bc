// `espalier lr trace`: prints the values of strategies, a line of JSON for each line of JSON.
// Promise: every line is answered, good or bad; a reader that goes away ends the command without a noise.

import { pipeline } from 'node:stream/promises';

import type { Command } from 'commander';

import {
  fromJsonNumber,
  isJsonNumber,
  type JsonNumber,
  toJsonNumber,
} from '../../domain/json-number.ts';
import type { Metrics, Mode } from '../../domain/objective.ts';
import { nearest } from '../../lr/nearest.ts';
import { isMapping, parseField, show } from '../../lr/parse-field.ts';
import { parseStrategy } from '../../lr/parse-strategy.ts';
import type { Field } from '../../lr/spec.ts';
import { withExample } from '../options.ts';
import { MOST_STEPS, traceStrategy, type Training } from './trace-strategy.ts';

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
  const request = parseRequest(line);
  return JSON.stringify(typeof request === 'string' ? { error: request } : trace(request));
}

type Answer = { readonly lr: readonly JsonNumber[]; readonly momentum?: readonly JsonNumber[] };

function trace(training: Training): Answer {
  const { rates, momentum } = traceStrategy(training);
  const lr = Array.from(rates, toJsonNumber);
  return momentum === undefined ? { lr } : { lr, momentum: Array.from(momentum, toJsonNumber) };
}

const KEYS = ['learning_rate', 'epochs', 'steps_per_epoch', 'objective', 'metrics'];

const COUNT: Field = {
  type: { kind: 'integer', least: 1, most: MOST_STEPS },
  about: 'How many there are.',
};

/** A request, or the text of what is wrong with it. */
function parseRequest(line: string): Training | string {
  const value = parseJson(line);
  if (!isMapping(value)) return `line: received ${shorten(line)}; it must be a JSON object`;
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return refuseKey(unknown, value[unknown]);
  const { learning_rate, epochs, steps_per_epoch, objective, metrics = [] } = value;
  const counts = checkCounts(epochs, steps_per_epoch);
  if (typeof counts === 'string') return counts;
  const goal = parseObjective(objective);
  if (typeof goal === 'string') return goal;
  const parsed = parseStrategy(learning_rate, goal);
  if (!parsed.ok)
    return parsed.problems.map(({ message }) => `learning_rate.${message}`).join('; ');
  const reported = parseMetrics(metrics);
  if (typeof reported === 'string') return reported;
  return { strategy: parsed.strategy, ...counts, metrics: reported };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function shorten(line: string): string {
  return line.length > 60 ? `${line.slice(0, 57)}...` : line || 'nothing';
}

function refuseKey(key: string, value: unknown): string {
  const meant = nearest(key, KEYS);
  const known = meant === undefined ? `known are ${KEYS.join(', ')}` : `did you mean ${meant}?`;
  return `${key}: received ${show(value)}, but there is no such field; ${known}`;
}

function checkCounts(
  epochs: unknown,
  stepsPerEpoch: unknown,
): { readonly epochs: number; readonly stepsPerEpoch: number } | string {
  const inEpochs = parseField(COUNT, epochs);
  if (typeof epochs !== 'number' || inEpochs !== undefined) return `epochs: ${inEpochs}`;
  const inSteps = parseField(COUNT, stepsPerEpoch);
  if (typeof stepsPerEpoch !== 'number' || inSteps !== undefined)
    return `steps_per_epoch: ${inSteps}`;
  if (epochs * stepsPerEpoch > MOST_STEPS)
    return `steps_per_epoch: received ${stepsPerEpoch} for ${epochs} epochs; together they must be at most ${MOST_STEPS} steps`;
  return { epochs, stepsPerEpoch };
}

type Goal = { readonly metric: string; readonly mode: Mode };

function parseObjective(value: unknown): Goal | undefined | string {
  if (value === undefined || value === null) return undefined;
  const { metric, mode } = isMapping(value) ? value : {};
  if (typeof metric === 'string' && metric !== '' && (mode === 'min' || mode === 'max'))
    return { metric, mode };
  return `objective: received ${show(value)}; it must be { "metric": a name, "mode": "min" or "max" }`;
}

function parseMetrics(value: unknown): readonly Metrics[] | string {
  if (!Array.isArray(value)) return `metrics: received ${show(value)}; it must be a list`;
  const epochs: Metrics[] = [];
  for (const [epoch, item] of value.entries()) {
    const metrics = parseEpoch(`metrics[${epoch}]`, item);
    if (typeof metrics === 'string') return metrics;
    epochs.push(metrics);
  }
  return epochs;
}

function parseEpoch(where: string, value: unknown): Metrics | string {
  if (value === null) return {};
  if (!isMapping(value))
    return `${where}: received ${show(value)}; it must be an object of metrics by name`;
  const entries: [string, number][] = [];
  for (const [name, item] of Object.entries(value)) {
    if (item === null) continue;
    if (!isJsonNumber(item))
      return `${where}.${name}: received ${show(item)}; it must be a number, "NaN", "Infinity", "-Infinity" or null`;
    entries.push([name, fromJsonNumber(item)]);
  }
  return Object.fromEntries(entries);
}
