// What `espalier verify` says: a line for each trial as soon as it is known, and at the end what came out in all.

import type { Comparison, Difference, EpochDifferences } from '../domain/comparison.ts';
import { EspalierError, type ErrorCode } from '../domain/errors.ts';
import { print, printJson } from './output.ts';
import { plural } from './words.ts';

type Compared = { readonly trialId: string; readonly comparison: Comparison };

/** What comparisons are called where they are counted, worst first, and the failure that each of them is. */
const KINDS = [
  { kind: 'differs', words: 'different', code: 'differs' },
  { kind: 'failed', words: 'failed', code: 'trials-failed' },
  { kind: 'elsewhere', words: 'not compared', code: 'unavailable' },
  { kind: 'same', words: 'same', code: undefined },
  { kind: 'unrecorded', words: 'without recorded epochs', code: undefined },
] as const satisfies readonly {
  readonly kind: Comparison['kind'];
  readonly words: string;
  readonly code: ErrorCode | undefined;
}[];

/** The report of one sweep. */
export class VerifyReport {
  readonly #sweepId: string;
  readonly #width: number;
  readonly #asJson: boolean;
  readonly #compared: Compared[] = [];

  /** Of the trials that will be compared. */
  constructor(sweepId: string, trialIds: readonly string[], asJson: boolean) {
    this.#sweepId = sweepId;
    this.#width = trialIds.reduce((most, id) => Math.max(most, id.length), 0);
    this.#asJson = asJson;
  }

  /** Trials so far. */
  get count(): number {
    return this.#compared.length;
  }

  /** Takes what came of a trial and prints its line. */
  add(trialId: string, comparison: Comparison): void {
    this.#compared.push({ trialId, comparison });
    const words = toWords(comparison);
    if (!this.#asJson && words !== undefined) print(`${trialId.padEnd(this.#width)}  ${words}`);
  }

  /** Prints the rest. @throws EspalierError with the code of the worst of them; its words are printed already */
  end(): void {
    if (this.#asJson) printJson(this.#toJson());
    else for (const line of [...this.#whyNotCompared(), this.#toSummary()]) print(line);
    const worst = KINDS.find(({ kind }) => this.#of(kind).length > 0);
    if (worst?.code !== undefined) throw new EspalierError(worst.code, '');
  }

  #of<K extends Comparison['kind']>(kind: K): Extract<Comparison, { kind: K }>[] {
    const all = this.#compared.map(({ comparison }) => comparison);
    return all.filter((one): one is Extract<Comparison, { kind: K }> => one.kind === kind);
  }

  #toSummary(): string {
    const counts = KINDS.map(({ kind, words }) => ({ words, count: this.#of(kind).length }));
    const said = counts
      .filter(({ count }) => count > 0)
      .map(({ words, count }) => `${count} ${words}`);
    return `${this.#sweepId}: ${said.join(', ')}`;
  }

  /** Once for all trials that were recorded on the same thing. */
  #whyNotCompared(): readonly string[] {
    const pairs = this.#of('elsewhere').map(
      ({ recorded, here }) =>
        `recorded on: ${recorded}\nthis machine: ${here}\nOther backends, versions, threads or devices give other bits, so nothing was compared.`,
    );
    return [...new Set(pairs)];
  }

  #toJson(): unknown {
    const counts = KINDS.map(({ kind }) => [kind, this.#of(kind).length]);
    return {
      sweep: this.#sweepId,
      ...Object.fromEntries(counts),
      trials: this.#compared.map(({ trialId, comparison: { kind, ...rest } }) => ({
        trial: trialId,
        result: kind,
        ...rest,
        ...('different' in rest && { different: rest.different.map(toJsonEpoch) }),
      })),
    };
  }
}

function toJsonEpoch({ epoch, differences }: EpochDifferences): unknown {
  const numbers = differences.map(({ what, recorded = null, now = null }) => ({
    what,
    recorded,
    now,
  }));
  return { epoch: epoch ?? null, differences: numbers };
}

/** Nothing for a trial that only counts. */
function toWords(comparison: Comparison): string | undefined {
  switch (comparison.kind) {
    case 'same':
      return `${plural(comparison.epochs, 'epoch')}  same`;
    case 'differs':
      return describeDifferences(comparison.epochs, comparison.different);
    case 'elsewhere':
      return 'not compared';
    case 'failed':
      return `failed in ${comparison.message.replaceAll('\n', '\n    ')}`;
    case 'unrecorded':
      return undefined;
  }
}

function describeDifferences(epochs: number, different: readonly EpochDifferences[]): string {
  const [first] = different;
  const words = first === undefined ? '' : describeEpoch(first);
  return epochs === 0
    ? words
    : `${words}; ${different.length} of ${plural(epochs, 'epoch')} differ`;
}

function describeEpoch({ epoch, differences: [first, ...others] }: EpochDifferences): string {
  const place = epoch === undefined ? '' : `epoch ${epoch}: `;
  if (first === undefined) return `${place}not recorded`;
  const more = others.length > 0 ? ` and ${plural(others.length, 'other number')} in it` : '';
  return `${place}${describe(first)}${more}`;
}

function describe({ what, recorded, now }: Difference): string {
  return `${what} ${recorded ?? 'not'} recorded, ${now ?? 'none'} now`;
}
