// One trial process's side of the protocol: a command in, its answer out, no pipes.
// Promise: every command is answered once; whatever the user's code throws becomes `failed`, in its own words.

import { readdir } from 'node:fs/promises';

import { EspalierError } from '../domain/errors.ts';
import { toJsonMetrics, toJsonNumber } from '../domain/json-number.ts';
import { rngFor } from '../domain/random.ts';
import type { Catalogue } from '../lr/catalogue.ts';
import { checkResult, checkTrial } from './check-returned.ts';
import { toDataContext } from './context.ts';
import { DataCache } from './data-cache.ts';
import type { DataContext, OpenTrial, Trial } from './define-trial.ts';
import { toEpochRequest } from './epoch-request.ts';
import { toFailed } from './failure.ts';
import { openManaged } from './managed.ts';
import { answerCheck, answerStrategies } from './own/answer.ts';
import type { Answer, Command, CommandOf } from './protocol.ts';
import { runRangeTest } from './range-test.ts';
import { withRandom } from './seeded-random.ts';

/** What a session needs from outside. */
export type SessionPorts = {
  /** The trial that the module at this path exports; quick when it was loaded before. */
  readonly loadTrial: (bundle: string) => Promise<Trial>;
  /** The strategies that it exports, by the names that a sweep file calls them. */
  readonly loadStrategies: (bundle: string) => Promise<Catalogue>;
  /** Starts a backend, the first that works; called once. */
  readonly selectBackend: (
    preference: readonly string[],
  ) => Promise<{ readonly name: string; readonly numerics: string }>;
  /** Milliseconds from any origin, never going back. */
  readonly now: () => number;
};

type Backend = { readonly preference: string; readonly name: string; readonly numerics: string };

/** The trial that is open; `begun` with its first epoch, `spent` by a range test. */
type Current = { readonly trial: OpenTrial; readonly seed: number; begun: boolean; spent: boolean };

/** Serves one trial after another. */
export class TrialSession {
  readonly #ports: SessionPorts;
  readonly #data = new DataCache();
  #backend: Backend | undefined;
  #bundle = '';
  #current: Current | undefined;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /** Carries out a command. Commands must not overlap. */
  async handle(command: Command): Promise<Answer> {
    try {
      return await this.#carryOut(command);
    } catch (error) {
      return toFailed(error, this.#bundle);
    }
  }

  async #carryOut(command: Command): Promise<Answer> {
    switch (command.kind) {
      case 'open':
        return this.#open(command);
      case 'epoch':
        return this.#epoch(command);
      case 'range_test':
        return this.#rangeTest(command);
      case 'save':
        return this.#save(command.path);
      case 'restore':
        return this.#restore(command.path);
      case 'strategies':
        return this.#evaluate(command);
      case 'check':
        return this.#check(command);
      case 'close':
        return this.#close();
    }
  }

  async #open(command: CommandOf<'open'>): Promise<Answer> {
    await this.#close();
    this.#bundle = command.bundle;
    const backend = await this.#selectBackend(command.backends);
    const { definition } = await this.#ports.loadTrial(command.bundle);
    const dataContext = toDataContext(command);
    const trial =
      'open' in definition
        ? await withRandom(rngFor(command.seed, 'build'), () =>
            definition.open({ ...dataContext, epochs: command.epochs }),
          )
        : await this.#openManaged(definition, dataContext, command);
    checkTrial(trial);
    this.#current = { trial, seed: command.seed, begun: false, spent: false };
    return {
      kind: 'opened',
      steps_per_epoch: trial.steps_per_epoch,
      backend: backend.name,
      numerics: backend.numerics,
      can_save: trial.save !== undefined,
    };
  }

  async #openManaged(
    definition: Extract<Trial['definition'], { data: unknown }>,
    dataContext: DataContext,
    { bundle, files, config, seed, epochs }: CommandOf<'open'>,
  ): Promise<OpenTrial> {
    const data = await this.#data.get(JSON.stringify([bundle, files, config, seed]), () =>
      withRandom(rngFor(seed, 'data'), () => definition.data(dataContext)),
    );
    return withRandom(rngFor(seed, 'build'), () =>
      openManaged(definition, { ...dataContext, epochs }, data),
    );
  }

  async #selectBackend(preference: readonly string[]): Promise<Backend> {
    const wanted = preference.join(', ');
    if (this.#backend === undefined) {
      this.#backend = { preference: wanted, ...(await this.#ports.selectBackend(preference)) };
    }
    if (this.#backend.preference === wanted) return this.#backend;
    throw new EspalierError(
      'conflict',
      `this process chose its backend from ${this.#backend.preference} and cannot take one from ${wanted}: use another process`,
    );
  }

  async #epoch(command: CommandOf<'epoch'>): Promise<Answer> {
    const current = this.#unspent();
    const { trial, seed } = current;
    const request = toEpochRequest(command, trial.steps_per_epoch);
    current.begun = true;
    const before = this.#ports.now();
    const result: unknown = await withRandom(rngFor(seed, 'epoch', command.epoch), () =>
      trial.trainEpoch(request),
    );
    const { metrics, learningRate } = checkResult(result);
    return {
      kind: 'trained',
      epoch: command.epoch,
      metrics: toJsonMetrics(metrics),
      steps: request.steps,
      learning_rate: toJsonNumber(learningRate),
      seconds: (this.#ports.now() - before) / 1000,
    };
  }

  /** Trains weights that nobody wants: the trial can be closed afterwards, and nothing else. */
  async #rangeTest(command: CommandOf<'range_test'>): Promise<Answer> {
    const current = this.#unspent();
    if (current.begun)
      throw new EspalierError(
        'invalid',
        'a range test comes before the first epoch of a trial, not after',
      );
    current.spent = true;
    const { losses, stopped } = await runRangeTest(current.trial, current.seed, command);
    return { kind: 'range_tested', losses: losses.map(toJsonNumber), stopped: stopped ?? null };
  }

  async #save(path: string): Promise<Answer> {
    const { trial, seed } = this.#unspent();
    if (trial.save === undefined) throw cannot('saved');
    if (await holdsFiles(path))
      throw new EspalierError('invalid', `${path} is not empty, so nothing can be saved there`);
    await withRandom(rngFor(seed, 'save'), () => trial.save?.(path));
    if (await holdsFiles(path)) return { kind: 'saved' };
    throw new EspalierError('invalid', 'save() wrote no file into the folder that it was given');
  }

  async #restore(path: string): Promise<Answer> {
    const { trial, seed, begun } = this.#unspent();
    if (trial.restore === undefined) throw cannot('restored');
    if (begun)
      throw new EspalierError('invalid', 'a trial is restored before its first epoch, not after');
    await withRandom(rngFor(seed, 'restore'), () => trial.restore?.(path));
    return { kind: 'restored' };
  }

  async #evaluate(command: CommandOf<'strategies'>): Promise<Answer> {
    const { trial, seed } = this.#unspent();
    const catalogue = await this.#ports.loadStrategies(this.#bundle);
    return withRandom(rngFor(seed, 'strategy'), () =>
      answerStrategies(command, trial.steps_per_epoch, catalogue),
    );
  }

  async #check(command: CommandOf<'check'>): Promise<Answer> {
    return answerCheck(command, await this.#ports.loadStrategies(command.bundle));
  }

  async #close(): Promise<Answer> {
    const current = this.#current;
    this.#current = undefined;
    await current?.trial.close?.();
    return { kind: 'closed' };
  }

  #unspent(): Current {
    if (this.#current === undefined)
      throw new EspalierError('invalid', 'no trial is open in this process');
    if (!this.#current.spent) return this.#current;
    throw new EspalierError(
      'invalid',
      'this trial has served a range test, which leaves weights that are of no use: close it, and open another',
    );
  }
}

function cannot(be: 'saved' | 'restored'): EspalierError {
  return new EspalierError(
    'invalid',
    `this trial cannot be ${be}: a loop of one's own needs save() and restore(), and a managed trial one of the ` +
      "library's optimizers and no stateful layer",
  );
}

async function holdsFiles(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.some((entry) => !entry.isDirectory());
}
