// How far the coordinator had come when it last ran, beside its database: a database that has less was put back from an older copy, or its
// write-ahead log was taken away. It is a note, written now and then; nothing is decided by it.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Fact } from './core/fact.ts';
import type { Loop } from './loop.ts';
import type { Store } from './store/store.ts';

/** Numbers that only rise. */
type HighWater = {
  /** The latest decision in the journal. */
  readonly lastFact: number;
  /** Reports of all agents that were taken. */
  readonly reports: number;
};

/** At most as often as this, milliseconds. */
const WRITE_MS = 1_000;

/** Tells of a database that has less than it had, and keeps the note that shows it. */
export function keepHighWater(
  path: string,
  loop: Loop,
  store: Store,
  log: (line: string) => void,
): HighWaterNote {
  let reports = [...loop.state.agents.values()].reduce((sum, agent) => sum + agent.lastSequence, 0);
  const fall = describeFall(path, { lastFact: store.lastFact(), reports });
  if (fall !== undefined) log(fall);
  const note = new HighWaterNote(path, () => ({ lastFact: store.lastFact(), reports }));
  loop.onCommit((facts) => {
    reports += facts.reduce((sum, fact) => sum + countReports(fact), 0);
    note.rise();
  });
  return note;
}

/** By how much a fact raises the number of reports that count as taken. */
function countReports(fact: Fact): number {
  if (fact.kind === 'reports-forgotten') return fact.toSequence - fact.fromSequence + 1;
  return fact.kind === 'report-taken' ? 1 : 0;
}

/** Keeps the note. */
export class HighWaterNote {
  readonly #path: string;
  readonly #read: () => HighWater;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, read: () => HighWater) {
    this.#path = path;
    this.#read = read;
  }

  /** Something was committed: it is noted soon. */
  rise(): void {
    this.#timer ??= setTimeout(() => this.write(), WRITE_MS).unref();
  }

  /** Notes it now. Without it a later start only knows less: a full disk is told by the next commit. */
  write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      writeFileSync(`${this.#path}.new`, JSON.stringify(this.#read()));
      renameSync(`${this.#path}.new`, this.#path);
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
  }
}

/** What to tell of a database that has less than the note says; nothing if it has not, or if there is no note. */
function describeFall(path: string, found: HighWater): string | undefined {
  const noted = readNote(path);
  const isBehind = noted.lastFact > found.lastFact || noted.reports > found.reports;
  if (!isBehind) return undefined;
  return (
    `the database has less than when a coordinator last ran here: ${found.lastFact} of ${noted.lastFact} decisions, ${found.reports} of ${noted.reports} reports. ` +
    'Its -wal file was removed, or an older copy was put back. A later backup can be restored with "espalier restore"; otherwise agents tell what is missing, and it is trained again'
  );
}

function readNote(path: string): HighWater {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- looked at field by field
    const { lastFact, reports } = (found ?? {}) as Partial<Record<keyof HighWater, unknown>>;
    return { lastFact: toNumber(lastFact), reports: toNumber(reports) };
  } catch {
    return { lastFact: 0, reports: 0 };
  }
}

function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function isFailure(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}
