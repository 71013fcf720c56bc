// A run that is cut anywhere, any number of times, and goes on from what was saved is the run that was never cut: for random cuts,
// learning rates and momenta, every metric of every epoch is equal in every bit.

import { tmpdir } from 'node:os';

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';

import { rngFor } from '../../src/domain/random.ts';
import { defineTrial, type Trial } from '../../src/trial/define-trial.ts';
import type { OptimizerSpec } from '../../src/trial/optimizer.ts';
import type { Answer, Command } from '../../src/trial/protocol.ts';
import type { TrialSession } from '../../src/trial/trial-session.ts';
import { temporaryFolder } from '../support/folder.ts';
import { sessionOf } from './session-of.ts';
import { SMALL_MODELS, smallTrial, STEPS } from './small-models.ts';
import { startBackend } from './start-backend.ts';

const SEED = Number(process.env['SEED'] ?? 20_261);
const EPOCHS = 5;
/** Of each pair of a model and an optimizer. */
const RUNS = 1;

const OPTIMIZERS: readonly { readonly spec: OptimizerSpec; readonly hasMomentum: boolean }[] = [
  { spec: { name: 'sgd' }, hasMomentum: false },
  { spec: { name: 'momentum' }, hasMomentum: true },
  { spec: { name: 'momentum', momentum: 0.8, nesterov: true }, hasMomentum: true },
  { spec: { name: 'adam' }, hasMomentum: true },
  { spec: { name: 'adamax', decay: 0.01 }, hasMomentum: true },
  { spec: { name: 'rmsprop', momentum: 0.5 }, hasMomentum: true },
  { spec: { name: 'rmsprop', centered: true }, hasMomentum: true },
  { spec: { name: 'adagrad' }, hasMomentum: false },
  { spec: { name: 'adadelta' }, hasMomentum: false },
];

/** What an epoch is given. */
type Controls = {
  readonly learning_rate: number | number[];
  readonly momentum?: number | number[] | undefined;
};
/** What an epoch came to. */
type Row = Omit<Extract<Answer, { kind: 'trained' }>, 'seconds'>;

/** A run, and the epochs before which it is saved, closed, and opened anew. */
type Plan = {
  readonly seed: number;
  readonly epochs: readonly Controls[];
  readonly cuts: readonly number[];
  /** Whether one process serves all parts. */
  readonly isWarm: boolean;
};

function plans(hasMomentum: boolean): fc.Arbitrary<Plan> {
  const rate = fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: 1e-4, max: 0.3, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(0) },
  );
  const momentum = fc.double({ min: 0, max: 0.99, noNaN: true });
  const controls = fc.record({
    learning_rate: perEpoch(rate),
    momentum: hasMomentum
      ? fc.option(perEpoch(momentum), { nil: undefined })
      : fc.constant(undefined),
  });
  return fc.record({
    seed: fc.nat({ max: 1000 }),
    epochs: fc.array(controls, { minLength: EPOCHS, maxLength: EPOCHS }),
    cuts: fc
      .uniqueArray(fc.nat({ max: EPOCHS - 1 }), { minLength: 1, maxLength: 3 })
      .map((cuts) => cuts.toSorted((a, b) => a - b)),
    isWarm: fc.boolean(),
  });
}

/** A seed for each pair, so that they do not all try one plan. */
function seedOf(model: string, spec: OptimizerSpec): number {
  return Math.floor(rngFor(SEED, model, JSON.stringify(spec))() * 2 ** 31);
}

/** One value for all steps of an epoch, or one for each. */
function perEpoch(value: fc.Arbitrary<number>): fc.Arbitrary<number | number[]> {
  return fc.oneof(value, fc.array(value, { minLength: STEPS, maxLength: STEPS }));
}

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  beforeAll(() => startBackend(backend));
  // The arithmetic of cpu is the library's own, that of wasm ours; the models differ by their weights only.
  const models = backend === 'wasm' ? SMALL_MODELS : SMALL_MODELS.slice(0, 1);

  describe.each(models)('%s', (model) => {
    test.each(OPTIMIZERS)(
      'a run with $spec is the same, cut or whole',
      async ({ spec, hasMomentum }) => {
        const trial = defineTrial(smallTrial(model, spec));
        const tensors = tf.memory().numTensors;
        const property = fc.asyncProperty(plans(hasMomentum), async (plan) => {
          const whole = await trainWhole(trial, plan);
          await expectSameInParts(trial, plan, whole);
          expect(tf.memory().numTensors).toBe(tensors);
        });
        await fc.assert(property, { seed: seedOf(model, spec), numRuns: RUNS });
      },
    );
  });
});

async function trainWhole(trial: Trial, plan: Plan): Promise<readonly Row[]> {
  const session = sessionOf(trial);
  await open(session, plan);
  const rows = await train(session, plan, 0, EPOCHS);
  await ask(session, { kind: 'close' }, 'closed');
  return rows;
}

/** Each part is saved and then goes on for an epoch, which saving must not change, nor that epoch what was saved. */
async function expectSameInParts(trial: Trial, plan: Plan, whole: readonly Row[]): Promise<void> {
  const warm = sessionOf(trial);
  let from = 0;
  let checkpoint: string | undefined;
  for (const cut of [...plan.cuts, EPOCHS]) {
    const session = plan.isWarm ? warm : sessionOf(trial);
    await open(session, plan, checkpoint);
    expect(await train(session, plan, from, cut)).toStrictEqual(whole.slice(from, cut));
    checkpoint = temporaryFolder();
    await ask(session, { kind: 'save', path: checkpoint }, 'saved');
    expect(await train(session, plan, cut, cut + 1)).toStrictEqual(whole.slice(cut, cut + 1));
    await ask(session, { kind: 'close' }, 'closed');
    from = cut;
  }
}

async function open(session: TrialSession, { seed }: Plan, checkpoint?: string): Promise<void> {
  const place = { bundle: '/trial.mjs', files: tmpdir(), backends: ['any'] };
  await ask(session, { kind: 'open', ...place, config: {}, seed, epochs: EPOCHS }, 'opened');
  if (checkpoint !== undefined)
    await ask(session, { kind: 'restore', path: checkpoint }, 'restored');
}

async function train(
  session: TrialSession,
  { epochs }: Plan,
  from: number,
  to: number,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [at, { learning_rate, momentum }] of epochs.slice(from, to).entries()) {
    const moved = momentum === undefined ? {} : { momentum };
    const command = { kind: 'epoch', epoch: from + at, learning_rate, ...moved } as const;
    const { seconds: _, ...row } = await ask(session, command, 'trained');
    rows.push(row);
  }
  return rows;
}

/** The answer, which must be of this kind. */
async function ask<K extends Answer['kind']>(
  session: TrialSession,
  command: Command,
  kind: K,
): Promise<Extract<Answer, { kind: K }>> {
  const answer = await session.handle(command);
  if (answer.kind !== kind) throw new Error(`${command.kind}: ${JSON.stringify(answer)}`);
  return answer as Extract<Answer, { kind: K }>;
}
