// Has the trial's process evaluate the members whose strategies are of one's own, before an epoch.
// Promise: every such member that trains the epoch has controls for it afterwards, or an obstacle in words; no answer is longer than the
// protocol allows.

import {
  fromJsonNumber,
  type JsonNumber,
  type JsonSeries,
  toJsonMetrics,
} from '../../src/domain/json-number.ts';
import type { Monitored } from '../../src/lr/definition.ts';
import type { Controls } from '../../src/lr/strategy.ts';
import type { AnswerOf, CommandOf, OwnAnswer, OwnRequest } from '../../src/trial/protocol.ts';
import type { Member } from '../core/cohort.ts';
import { OWN_STRATEGY, type OwnState, toEvaluated, toStuck } from '../core/own-strategy.ts';

/** What is said of a member that is missing in an answer. */
const UNANSWERED = 'the process did not answer for it';

/** Values in one answer: with up to 24 characters each they stay below a line's limit. */
const MOST_VALUES = 20_000;

/** Strategies in one answer: their states, each of which may have a hundred thousand characters, stay below it too. */
const MOST_STRATEGIES = 5;

/** Has the process carry out a command. */
type Ask = (command: CommandOf<'strategies'>) => Promise<AnswerOf<'strategies'>>;

/** The epoch that is to be evaluated. */
export type EpochToEvaluate = {
  readonly epoch: number;
  readonly stepsPerEpoch: number;
  readonly objective: Monitored;
};

/** The members, ready for the 0-based epoch. Rejects as `ask` does. */
export async function evaluateMembers(
  members: readonly Member[],
  run: EpochToEvaluate,
  ask: Ask,
): Promise<readonly Member[]> {
  const due = members.filter((member) => isDue(member, run));
  if (due.length === 0) return members;
  const evaluated = new Map<Member, Member>();
  const fitting = Math.max(1, Math.floor(MOST_VALUES / run.stepsPerEpoch));
  const size = Math.min(fitting, MOST_STRATEGIES);
  for (let from = 0; from < due.length; from += size) {
    const batch = due.slice(from, from + size);
    const answers = await evaluateBatch(batch, run, ask);
    for (const [i, member] of batch.entries())
      evaluated.set(member, withAnswer(member, run, answers[i]));
  }
  return members.map((member) => evaluated.get(member) ?? member);
}

function isDue(member: Member, { epoch, stepsPerEpoch }: EpochToEvaluate): boolean {
  if (member.strategy !== OWN_STRATEGY || epoch >= member.epochs) return false;
  return stateOf(member).evaluated?.fromStep !== epoch * stepsPerEpoch;
}

function stateOf(member: Member): OwnState {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the state of a member with OWN_STRATEGY is its own
  return member.state as OwnState;
}

/** What came of one member: its state, and its values so far. */
type Gathered =
  | { readonly state: unknown; readonly parts: readonly Part[] }
  | { readonly error: string };
type Part = { readonly count: number; readonly values: Extract<OwnAnswer, { state: unknown }> };

async function evaluateBatch(
  members: readonly Member[],
  { epoch, stepsPerEpoch, objective }: EpochToEvaluate,
  ask: Ask,
): Promise<readonly Gathered[]> {
  let gathered: readonly (Gathered | undefined)[] = members.map(() => undefined);
  for (let done = 0; done < stepsPerEpoch; done += MOST_VALUES) {
    const count = Math.min(MOST_VALUES, stepsPerEpoch - done);
    const strategies = members.map((member, i) => toRequest(member, gathered[i]));
    const from_step = epoch * stepsPerEpoch + done;
    const answer = await ask({ kind: 'strategies', objective, from_step, count, strategies });
    gathered = members.map((_, i) => add(gathered[i], answer.strategies[i], count));
  }
  return gathered.map((one) => one ?? { error: UNANSWERED });
}

/** A later stretch of an epoch goes on from the state that the first one came to. */
function toRequest(member: Member, before: Gathered | undefined): OwnRequest {
  const { spec: strategy, epochs } = member;
  if (before !== undefined && 'state' in before)
    return { strategy, epochs, state: before.state, seen: [] };
  const { inner, pending } = stateOf(member);
  const seen = pending.map(({ epoch, metrics }) => ({
    epoch,
    metrics: toJsonMetrics(metrics),
  }));
  return inner === undefined
    ? { strategy, epochs, seen }
    : { strategy, epochs, state: inner, seen };
}

function add(
  before: Gathered | undefined,
  answer: OwnAnswer | undefined,
  count: number,
): Gathered | undefined {
  if (answer === undefined || (before !== undefined && 'error' in before)) return before;
  if ('error' in answer) return answer;
  return { state: answer.state, parts: [...(before?.parts ?? []), { count, values: answer }] };
}

function withAnswer(
  member: Member,
  { epoch, stepsPerEpoch }: EpochToEvaluate,
  gathered: Gathered | undefined,
): Member {
  const fromStep = epoch * stepsPerEpoch;
  if (gathered !== undefined && 'state' in gathered) {
    const controls = toControls(gathered.parts, stepsPerEpoch);
    return { ...member, state: toEvaluated(gathered.state, fromStep, controls) };
  }
  const words = gathered?.error ?? UNANSWERED;
  const obstacle = `the learning-rate strategy of trial ${member.trialId}, ${member.spec.strategy}: ${words}`;
  return { ...member, obstacle, state: toStuck(stateOf(member), fromStep) };
}

function toControls(parts: readonly Part[], count: number): Controls {
  const learningRate = join(parts, count, ({ learning_rate }) => learning_rate);
  const hasMomentum = parts.every(({ values }) => values.momentum !== undefined);
  if (!hasMomentum) return { learningRate };
  return { learningRate, momentum: join(parts, count, ({ momentum }) => momentum ?? 'NaN') };
}

function join(
  parts: readonly Part[],
  count: number,
  pick: (values: Part['values']) => JsonSeries,
): number | Float64Array {
  const [only] = parts;
  const single = only === undefined || parts.length > 1 ? undefined : pick(only.values);
  if (single !== undefined && !isList(single)) return fromJsonNumber(single);
  const joined = new Float64Array(count);
  let at = 0;
  for (const part of parts) {
    const values = pick(part.values);
    if (isList(values)) joined.set(values.map(fromJsonNumber), at);
    else joined.fill(fromJsonNumber(values), at, at + part.count);
    at += part.count;
  }
  return joined;
}

function isList(values: JsonSeries): values is readonly JsonNumber[] {
  return Array.isArray(values);
}
