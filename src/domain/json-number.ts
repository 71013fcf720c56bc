// Numbers that travel as JSON, which lacks NaN and the infinities. Promise: what comes out is what went in, but for the sign of a zero.

import type { Metrics } from './objective.ts';

const NAMES = ['NaN', 'Infinity', '-Infinity'] as const;

/** A number, or the name of one that JSON lacks. */
export type JsonNumber = number | (typeof NAMES)[number];

/** One number, or a list of them. */
export type JsonSeries = JsonNumber | readonly JsonNumber[];

/** Metrics by name. */
export type JsonMetrics = Readonly<Record<string, JsonNumber>>;

/** Whether a parsed value is a number or the name of one. */
export function isJsonNumber(value: unknown): value is JsonNumber {
  return typeof value === 'number' || NAMES.some((name) => name === value);
}

/** A number as JSON can carry it. */
export function toJsonNumber(value: number): JsonNumber {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a number that is not finite has one of three names
  return Number.isFinite(value) ? value : (String(value) as JsonNumber);
}

/** The number that {@link toJsonNumber} was given. */
export function fromJsonNumber(value: JsonNumber): number {
  return Number(value);
}

/** Metrics as JSON can carry them. */
export function toJsonMetrics(metrics: Metrics): JsonMetrics {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, toJsonNumber(value)]),
  );
}

/** The metrics that {@link toJsonMetrics} was given. */
export function fromJsonMetrics(metrics: JsonMetrics): Metrics {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, fromJsonNumber(value)]),
  );
}
