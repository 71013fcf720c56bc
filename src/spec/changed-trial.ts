// A trial with some values changed, as a person types them: `batch_size=64 learning_rate.lr=0.05 seed=4`.
// Promise: what comes out would pass as a sweep file of one trial, and what is refused is refused in the sweep file's words.

import type { Config, SweepSpec } from '../domain/sweep.ts';
import { toPlainPlaces } from '../domain/plain-text.ts';
import { CATALOGUE } from '../lr/catalogue.ts';
import { nearest } from '../lr/nearest.ts';
import type { StrategySpec } from '../lr/spec.ts';
import { trialAt } from '../space/grid.ts';
import { toCanonicalStrategy } from './canonical.ts';
import { parseSweepFile } from './parse-sweep-file.ts';
import { readYaml } from './read-yaml.ts';

/** What a trial trains with. */
export type TrialValues = {
  readonly config: Config;
  readonly strategy: StrategySpec;
  readonly seed: number;
  readonly epochs: number;
};

/** `seed`, `epochs`, `learning_rate.FIELD`, a name of the config or `config.NAME`; and its value as YAML. */
export type ValueChange = { readonly name: string; readonly value: string };

/** The values, and what differs in words; or all that is wrong, a line each. */
export type ChangedTrial =
  | { readonly ok: true; readonly values: TrialValues; readonly words: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Changes a trial of a sweep. */
export function changeTrial(
  spec: SweepSpec,
  trial: TrialValues,
  changes: readonly ValueChange[],
): ChangedTrial {
  const read = changes.map((change) => readChange(trial, changes, change));
  const problems = read.flatMap((one) => ('problem' in one ? [one.problem] : []));
  if (problems.length > 0) return { ok: false, problems };
  const draft = read.reduce(
    (made, one) => ('place' in one ? put(made, one) : made),
    toDraft(trial, read),
  );
  const parsed = parseSweepFile(toSweepFile(spec, draft));
  if (!parsed.ok) {
    const words = parsed.problems.map(({ path, message }) => `${toName(path)}: ${message}`);
    return { ok: false, problems: words };
  }
  const { config, learning_rate: strategy, seed, epochs } = trialAt(parsed.spec, 0);
  const words = changes.map(({ name, value }) => toPlainPlaces(`${name} ${value.trim()}`, 80));
  return { ok: true, values: { config, strategy, seed, epochs }, words };
}

/** A text that two strategies share exactly if they are the same one, however their durations are written. */
export function toStrategyKey(strategy: StrategySpec): string {
  const definition = CATALOGUE[strategy.strategy];
  return definition === undefined
    ? JSON.stringify(Object.entries(strategy).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : toCanonicalStrategy(strategy, definition.fields);
}

type Draft = {
  readonly epochs: unknown;
  readonly seed: unknown;
  readonly config: Readonly<Record<string, unknown>>;
  readonly strategy: Readonly<Record<string, unknown>>;
};
type Place =
  | { readonly kind: 'epochs' | 'seed' }
  | { readonly kind: 'config' | 'strategy'; readonly key: string };
type Read = { readonly place: Place; readonly value: unknown } | { readonly problem: string };

/** Where the strategy becomes another one, the values of the old one are gone. */
function toDraft({ epochs, seed, config, strategy }: TrialValues, read: readonly Read[]): Draft {
  const named = read.find(
    (one) => 'place' in one && one.place.kind === 'strategy' && one.place.key === 'strategy',
  );
  const isOther = named !== undefined && 'value' in named && named.value !== strategy.strategy;
  return { epochs, seed, config, strategy: isOther ? {} : strategy };
}

function readChange(trial: TrialValues, all: readonly ValueChange[], change: ValueChange): Read {
  const name = toPlainPlaces(change.name, 80);
  if (all.some((other) => other !== change && other.name === change.name))
    return { problem: `${name}: is given twice` };
  const place = toPlace(trial, change.name);
  if (typeof place === 'string') return { problem: `${name}: ${place}` };
  const { source, flaws } = readYaml(change.value);
  const [flaw] = flaws;
  if (source === undefined || flaw !== undefined) {
    const wrong = change.value.trim() === '' ? 'received nothing' : flaw?.message;
    return { problem: `${name}: ${wrong}; a value is written as in a sweep file` };
  }
  return { place, value: source.data };
}

/** Where a value belongs, or why nowhere. */
function toPlace({ config }: TrialValues, name: string): Place | string {
  if (name === 'epochs' || name === 'seed') return { kind: name };
  const [head, ...rest] = name.split('.');
  const key = rest.join('.');
  if (head === 'learning_rate')
    return key === ''
      ? 'name a field of it, such as learning_rate.lr, or learning_rate.strategy'
      : { kind: 'strategy', key };
  if (head === 'config' && key !== '') return { kind: 'config', key };
  if (Object.hasOwn(config, name)) return { kind: 'config', key: name };
  if (OF_THE_SWEEP.has(name)) return 'is the same for all trials of a sweep';
  const meant = nearest(name, [...Object.keys(config), 'epochs', 'seed']);
  if (meant !== undefined) return `the trial has no such value; did you mean ${meant}?`;
  const known = [...Object.keys(config), 'epochs', 'seed', 'learning_rate.FIELD'].join(', ');
  return `the trial has no such value; it has ${known}. A new one of the config is written config.${name}`;
}

const OF_THE_SWEEP: ReadonlySet<string> = new Set(
  'name trial objective files seeds search stop slots sharing checkpoint_every keep retries exclusive priority backends steps_per_epoch'.split(
    ' ',
  ),
);

function put(draft: Draft, { place, value }: Extract<Read, { place: Place }>): Draft {
  switch (place.kind) {
    case 'epochs':
      return { ...draft, epochs: value };
    case 'seed':
      return { ...draft, seed: value };
    case 'config':
      return { ...draft, config: { ...draft.config, [place.key]: value } };
    case 'strategy':
      return { ...draft, strategy: { ...draft.strategy, [place.key]: value } };
  }
}

/** JSON is YAML. Each value is an axis of one, so that a list is a value too. */
function toSweepFile({ name, trial, objective }: SweepSpec, draft: Draft): string {
  const { strategy, ...fields } = draft.strategy;
  return JSON.stringify({
    name,
    trial,
    objective,
    epochs: [draft.epochs],
    seeds: [draft.seed],
    config: axes(draft.config),
    learning_rate: [{ strategy, ...axes(fields) }],
  });
}

function axes(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
}

/** The path of a problem as the person has named the value. */
function toName(path: string): string {
  return path
    .replace(/^seeds\[0\]/, 'seed')
    .replace(/^epochs\[0\]/, 'epochs')
    .replace(/^learning_rate\[0\](\.[^[]*)?(\[0\])?/, 'learning_rate$1')
    .replace(/^config\.([^[]*)\[0\]/, '$1');
}
