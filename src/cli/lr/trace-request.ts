// One line of JSON that asks for the values of a strategy. Promise: never throws; what is wrong is said with the field, the value received
// and the rule.

import { fromJsonNumber, isJsonNumber } from '../../domain/json-number.ts';
import type { Metrics } from '../../domain/objective.ts';
import type { Monitored } from '../../lr/definition.ts';
import { nearest } from '../../lr/nearest.ts';
import { isMapping, parseField, shorten, show } from '../../lr/parse-field.ts';
import { parseStrategy } from '../../lr/parse-strategy.ts';
import type { Field } from '../../lr/spec.ts';
import { MOST_STEPS, type Training } from './trace-strategy.ts';

const KEYS = ['learning_rate', 'epochs', 'steps_per_epoch', 'objective', 'metrics'];

const COUNT: Field = {
  type: { kind: 'integer', least: 1, most: MOST_STEPS },
  about: 'How many there are.',
};

/** The training that a line asks for, or words for the first thing that is wrong with it. */
export function parseTraceRequest(line: string): Training | string {
  const value = parseJson(line);
  if (!isMapping(value))
    return `line: received ${shorten(line) || 'nothing'}; it must be a JSON object`;
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

function parseObjective(value: unknown): Monitored | undefined | string {
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
