// One trial process's side of the protocol: a command in, its answer out, no pipes.
// Promise: every command is answered once; whatever the user's code throws becomes `failed`, in its own words.

import { inspect } from 'node:util';
import { withRandom } from './seeded-random.ts';
import { EspalierError } from '../domain/errors.ts';
import { rngFor } from '../domain/random.ts';
import { toDataContext } from './context.ts';
import { DataCache } from './data-cache.ts';
import type { DataContext, EpochRequest, EpochResult, OpenTrial, Trial } from './define-trial.ts';
import { toFailed } from './failure.ts';
import { openManaged } from './managed.ts';
import { type Answer, type Command, toJsonNumber } from './protocol.ts';

/** What a session needs from outside. */
export type SessionPorts = {
  /** The trial that the module at this path exports; quick when it was loaded before. */
  readonly loadTrial: (bundle: string) => Promise<Trial>;
  /** Starts a backend, the first that works; called once. */
  readonly selectBackend: (
    preference: readonly string[],
  ) => Promise<{ readonly name: string; readonly numerics: string }>;
  /** Milliseconds from any origin, never going back. */
  readonly now: () => number;
};

/** Steps in an epoch at most: their learning rates travel to the process in one line. */
const STEPS_MOST = 5_000_000;

type Open = Extract<Command, { kind: 'open' }>;
type Epoch = Extract<Command, { kind: 'epoch' }>;
type Backend = { readonly preference: string; readonly name: string; readonly numerics: string };

/** Serves one trial after another. */
export class TrialSession {
  readonly #ports: SessionPorts;
  readonly #data = new DataCache();
  #backend: Backend | undefined;
  #bundle = '';
  #current: { readonly trial: OpenTrial; readonly seed: number } | undefined;

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
      case 'save':
        return this.#save(command.path);
      case 'close':
        return this.#close();
    }
  }

  async #open(command: Open): Promise<Answer> {
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
    this.#current = { trial, seed: command.seed };
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
    { bundle, files, config, seed, epochs }: Open,
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

  async #epoch(command: Epoch): Promise<Answer> {
    const { trial, seed } = this.#opened();
    const request = toRequest(command, trial.steps_per_epoch);
    const before = this.#ports.now();
    const result: unknown = await withRandom(rngFor(seed, 'epoch', command.epoch), () =>
      trial.trainEpoch(request),
    );
    const { metrics, learningRate } = checkResult(result);
    return {
      kind: 'trained',
      epoch: command.epoch,
      metrics: Object.fromEntries(
        Object.entries(metrics).map(([name, value]) => [name, toJsonNumber(value)]),
      ),
      steps: request.steps,
      learning_rate: toJsonNumber(learningRate),
      seconds: (this.#ports.now() - before) / 1000,
    };
  }

  async #save(path: string): Promise<Answer> {
    const { trial } = this.#opened();
    if (trial.save === undefined)
      throw new EspalierError('invalid', 'this trial cannot be saved: its own loop has no save()');
    await trial.save(path);
    return { kind: 'saved' };
  }

  async #close(): Promise<Answer> {
    const current = this.#current;
    this.#current = undefined;
    await current?.trial.close?.();
    return { kind: 'closed' };
  }

  #opened(): { readonly trial: OpenTrial; readonly seed: number } {
    if (this.#current === undefined)
      throw new EspalierError('invalid', 'no trial is open in this process');
    return this.#current;
  }
}

/** An opened loop of one's own, which no type has checked where the module is plain JavaScript. */
function checkTrial(trial: unknown): void {
  if (!isRecord(trial) || typeof trial['trainEpoch'] !== 'function') {
    throw new EspalierError(
      'invalid',
      'open() must return { steps_per_epoch: number, trainEpoch: function }',
    );
  }
  checkSteps(trial['steps_per_epoch']);
}

function checkSteps(steps: unknown): void {
  if (Number.isInteger(steps) && Number(steps) > 0 && Number(steps) <= STEPS_MOST) return;
  throw new EspalierError(
    'invalid',
    `the trial gave steps_per_epoch ${inspect(steps)}; a whole number from 1 to ${STEPS_MOST} is needed`,
  );
}

/** The result of a loop of one's own, which no type has checked where the module is plain JavaScript. */
function checkResult(result: unknown): EpochResult {
  if (!isRecord(result) || !isRecord(result['metrics'])) {
    throw new EspalierError(
      'invalid',
      'trainEpoch() must return { metrics: { name: number }, learningRate: number }',
    );
  }
  const values = { ...result['metrics'], learningRate: result['learningRate'] };
  const wrong = Object.entries(values).find(([, value]) => typeof value !== 'number');
  if (wrong !== undefined) {
    const [name, value] = wrong;
    throw new EspalierError(
      'invalid',
      `trainEpoch() gave ${name} ${inspect(value)}; a number is needed`,
    );
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every part was just seen to be what the type says
  return result as EpochResult;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toRequest({ epoch, learning_rate, momentum }: Epoch, steps: number): EpochRequest {
  const learningRates = toSeries('learning_rate', learning_rate, steps);
  if (momentum === undefined) return { epoch, steps, learningRates };
  return { epoch, steps, learningRates, momentum: toSeries('momentum', momentum, steps) };
}

/** A value for each step; a step beyond the epoch has none. */
function toSeries(
  name: string,
  values: number | readonly number[],
  steps: number,
): (step: number) => number {
  if (typeof values === 'number') return () => values;
  if (values.length !== steps) {
    throw new EspalierError(
      'invalid',
      `${values.length} values of ${name} came for the ${steps} steps of an epoch`,
    );
  }
  return (step) => values[step] ?? Number.NaN;
}
