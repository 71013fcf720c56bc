// Metrics of epochs from a text: JSON lines, one JSON list or object of lists, CSV with a header, or a plain list of numbers.
// Promise: a pure function; the order of the text is that of the epochs; whatever is wrong is said with its line, value and rule.

import type { Metrics } from '../../../domain/objective.ts';
import { isMapping, show } from '../../../lr/parse-field.ts';

/** Metrics by name for each epoch, or, of a plain list, the values of whichever metric is followed; or what is wrong. */
export type ReadMetrics =
  | { readonly kind: 'named'; readonly epochs: readonly Metrics[] }
  | { readonly kind: 'plain'; readonly values: readonly number[] }
  | { readonly kind: 'wrong'; readonly problem: string };

const NUMBER = 'a number, "NaN", "Infinity" or "-Infinity"';

/** Reads the text of a file. */
export function readMetrics(text: string): ReadMetrics {
  const body = text.replace(/^\u{FEFF}/u, '').trim();
  if (body === '') return wrong('it is empty');
  if (body.startsWith('[')) return readList(parseJson(body));
  if (body.startsWith('{')) return readColumns(parseJson(body)) ?? readLines(linesOf(body));
  const [header = ''] = linesOf(body);
  return header.split(/[\s,;]+/).some((word) => word !== '' && toNumber(word) === undefined)
    ? readTable(linesOf(body))
    : readPlain(body.split(/[\s,;]+/), 'value');
}

/** An object with a list for each metric, as Keras' `history` is; nothing for any other value. */
function readColumns(value: unknown): ReadMetrics | undefined {
  if (!isMapping(value)) return undefined;
  const columns = Object.entries(value);
  if (columns.length === 0 || !columns.every(([, list]) => Array.isArray(list))) return undefined;
  const lists = columns.map(([name, list]) => [name, Array.isArray(list) ? list : []] as const);
  const length = lists.reduce((most, [, list]) => Math.max(most, list.length), 0);
  const epochs = Array.from({ length }, (_, i) =>
    Object.fromEntries(lists.map(([name, list]): [string, unknown] => [name, list[i] ?? null])),
  );
  return readObjects(epochs, 'item');
}

function readLines(lines: readonly string[]): ReadMetrics {
  const items = lines.map(parseJson);
  const bad = items.findIndex((item) => !isMapping(item));
  if (bad < 0) return readObjects(items, 'line');
  return wrong(`line ${bad + 1}: received ${show(lines[bad])}; it must be a JSON object`);
}

function readList(value: unknown): ReadMetrics {
  if (!Array.isArray(value)) return wrong('it begins with [ but is no JSON list');
  return value.every(isMapping) ? readObjects(value, 'item') : readPlain(value, 'item');
}

function readPlain(items: readonly unknown[], what: string): ReadMetrics {
  const values = items.filter((item) => item !== '').map(toNumber);
  const bad = values.indexOf(undefined);
  if (bad >= 0)
    return wrong(`${what} ${bad + 1}: received ${show(items[bad])}; it must be ${NUMBER}`);
  return { kind: 'plain', values: values.map((value) => value ?? Number.NaN) };
}

function readObjects(items: readonly unknown[], what: string): ReadMetrics {
  const epochs: Metrics[] = [];
  for (const [i, item] of items.entries()) {
    if (!isMapping(item))
      return wrong(`${what} ${i + 1}: received ${show(item)}; it must be a JSON object`);
    const metrics = isMapping(item['metrics'])
      ? { ...item, ...item['metrics'], metrics: null }
      : item;
    const entries = entriesOf(metrics);
    const bad = entries.find(([, value]) => value === undefined);
    if (bad !== undefined)
      return wrong(
        `${what} ${i + 1}, ${bad[0]}: received ${show(metrics[bad[0]])}; it must be ${NUMBER}, or null`,
      );
    epochs.push(toMetrics(entries));
  }
  return inOrder(epochs, what, 1);
}

/** CSV as training frameworks write it: no quotes but around whole cells. An empty cell is a metric that was not reported. */
function readTable([header = '', ...rows]: readonly string[]): ReadMetrics {
  const names = cellsOf(header);
  const epochs: Metrics[] = [];
  for (const [i, row] of rows.entries()) {
    const cells = cellsOf(row);
    if (cells.length !== names.length)
      return wrong(
        `line ${i + 2}: received ${cells.length} cells; there must be ${names.length}, as in the header`,
      );
    const entries = entriesOf(
      Object.fromEntries(names.map((name, at) => [name, cells[at] === '' ? null : cells[at]])),
    );
    const bad = entries.find(([, value]) => value === undefined);
    if (bad !== undefined)
      return wrong(
        `line ${i + 2}, ${bad[0]}: received ${show(cells[names.indexOf(bad[0])])}; it must be ${NUMBER}, or nothing`,
      );
    epochs.push(toMetrics(entries));
  }
  return epochs.length === 0 ? wrong('it has a header and no epoch') : inOrder(epochs, 'line', 2);
}

/** A column `epoch` must count on by one, or the order of the text would not be that of the training. */
function inOrder(epochs: readonly Metrics[], what: string, first: number): ReadMetrics {
  const bad = epochs.findIndex(
    ({ epoch }, i) => i > 0 && epoch !== (epochs[i - 1]?.['epoch'] ?? Number.NaN) + 1,
  );
  if (bad < 0 || epochs.every(({ epoch }) => epoch === undefined)) return { kind: 'named', epochs };
  return wrong(
    `${what} ${bad + first}, epoch: received ${show(epochs[bad]?.['epoch'])} after ${show(epochs[bad - 1]?.['epoch'])}; it must count on by one`,
  );
}

type Entry = readonly [name: string, value: number | undefined];

function entriesOf(values: Readonly<Record<string, unknown>>): readonly Entry[] {
  return Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]): Entry => [name, toNumber(value)]);
}

function toMetrics(entries: readonly Entry[]): Metrics {
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? Number.NaN]));
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(word)) return Number(word);
  return WORDS.get(word.replace(/^\+/, ''));
}

const WORDS: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);

function cellsOf(row: string): readonly string[] {
  return row.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrong(problem: string): ReadMetrics {
  return { kind: 'wrong', problem };
}
