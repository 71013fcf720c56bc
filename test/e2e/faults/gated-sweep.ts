// A sweep whose epochs wait for their turn, so that a test decides what is trained before, during and after a fault; and programs
// whose times are shorter than those of the documentation.
// Promise: what the trials trained is known from a journal that they write themselves, whatever is on anybody's record.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { DEFAULT_SETTINGS } from '../../../agent/options.ts';
import type { DEFAULT_LIMITS } from '../../../coordinator/core/limits.ts';
import { CHANNEL_OPTIONS } from '../../../src/wire/channel.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { until } from '../../support/processes.ts';
import { type Cluster, runUndisturbed } from '../cluster.ts';

const TRIAL = join(import.meta.dirname, '../fixtures/gated.ts');
const PRELOAD = join(import.meta.dirname, '../fixtures/times.mjs');

/** What differs from the defaults of the program. */
export type Times = {
  readonly limits?: Partial<typeof DEFAULT_LIMITS>;
  readonly settings?: Partial<typeof DEFAULT_SETTINGS>;
  /** So many times sooner a connection is asked whether it still lives. */
  readonly keepaliveScale: number;
};

/** The environment in which the built program has such times. */
export function toEnvironment({ limits, settings, keepaliveScale }: Times): NodeJS.ProcessEnv {
  const names = ['grpc.keepalive_time_ms', 'grpc.keepalive_timeout_ms'];
  const channel = Object.fromEntries(
    names.map((name) => [name, Number(CHANNEL_OPTIONS[name]) / keepaliveScale]),
  );
  return {
    NODE_OPTIONS: `--import=${PRELOAD}`,
    ESPALIER_TEST_TIMES: JSON.stringify({ limits, settings, channel }),
  };
}

/** One trial for each seed, of `epochs` epochs. */
export class GatedSweep {
  static readonly epochs = 6;
  readonly file = join(temporaryFolder(), 'sweep.yaml');
  readonly trials: number;
  readonly #gate = join(temporaryFolder(), 'gate');
  readonly #journal = join(temporaryFolder(), 'journal');

  /** Writes the sweep file; `more` are further lines of it. No epoch may be trained yet. */
  constructor(trials: number, more: readonly string[] = []) {
    this.trials = trials;
    this.letPass(0);
    const lines = [
      'name: gated',
      `trial: ${TRIAL}`,
      'objective: { metric: val_loss, mode: min }',
      `epochs: ${GatedSweep.epochs}`,
      `seeds: [${Array.from({ length: trials }, (_, i) => i + 1).join(', ')}]`,
      'backends: [cpu]',
      'checkpoint_every: 1 epochs',
      `config: ${JSON.stringify({ gate: this.#gate, journal: this.#journal })}`,
      'learning_rate: [{ strategy: fixed, lr: 0.1 }]',
      ...more,
    ];
    writeFileSync(this.file, lines.join('\n'));
  }

  /** Epochs below this number may be trained. */
  letPass(below: number): void {
    writeFileSync(this.#gate, String(below));
  }

  /** Waits until the agent with its folder there has trained an epoch, whoever knows of it. */
  async untilTrained(folder: string, epoch: number): Promise<void> {
    await until(`epoch ${epoch}`, () => this.trained(folder).includes(epoch));
  }

  /** The epochs that were trained in a folder, in order. */
  trained(folder: string): readonly number[] {
    if (!existsSync(this.#journal)) return [];
    return readFileSync(this.#journal, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(folder))
      .map((line) => Number(line.split(' ').at(-1)));
  }

  /** Each trial ended once, with every epoch once, and all of it is what an undisturbed run comes to, in every bit. */
  async expectWhole(cluster: Cluster): Promise<void> {
    this.letPass(GatedSweep.epochs);
    await cluster.untilCompleted('gated');
    const undisturbed = await runUndisturbed(this.file);
    expect(cluster.histories()).toEqual(undisturbed.histories());
    const ended = "SELECT count(*), count(DISTINCT subject) FROM fact WHERE kind = 'trial-ended'";
    expect(cluster.rows(ended)).toEqual([[this.trials, this.trials]]);
    expect(cluster.value('SELECT count(*) FROM epoch')).toBe(this.trials * GatedSweep.epochs);
    expect(cluster.value('SELECT min(reproducible) FROM stage')).toBe(1);
    expect(cluster.value('PRAGMA integrity_check')).toBe('ok');
  }
}

/** All that is on record of epochs, by whom and when, and all that was decided but for who is there. */
export function readRecord(cluster: Cluster): readonly (readonly unknown[])[] {
  const epochs = `
    SELECT t.number, t.state, t.epochs_done, e.epoch, e.attempt, e.recorded_ms, m.name, m.value
    FROM trial t JOIN epoch e USING (stage_id) JOIN metric m USING (stage_id, epoch)
    ORDER BY t.number, e.epoch, m.name`;
  const decided = "SELECT * FROM fact WHERE kind NOT LIKE 'agent-%' ORDER BY fact_id";
  return [...cluster.rows(epochs), ...cluster.rows(decided)];
}
