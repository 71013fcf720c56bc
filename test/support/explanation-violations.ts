// What must be true of every explanation, whatever has happened: there is one, it fits the trial's state, and what it names is so.

import { explain } from '../../coordinator/core/explain.ts';
import type { Limits } from '../../coordinator/core/limits.ts';
import type { Now, State, Trial } from '../../coordinator/core/model.ts';
import type { Store } from '../../coordinator/store/store.ts';
import { basisOf } from '../../src/why/basis.ts';
import { explainRecord, explainState, withTimes } from '../../src/why/explain-record.ts';
import type { NowReason, Reason } from '../../src/why/reason.ts';
import { toWords } from '../../src/why/words.ts';

const OF_STATES = new Set(['runs', 'paused', 'ended']);

/** Of one moment, in words; `store` holds the record. */
export function explanationViolations(
  state: State,
  now: Now,
  limits: Limits,
  store: Pick<Store, 'record'>,
): readonly string[] {
  return [...state.trials.values()].flatMap((trial) => {
    const reasons = explain(state, trial.id, now, limits);
    const record = store.record(trial.id);
    if (record === undefined) return [`${trial.id} has no record`];
    const past = explainRecord(record);
    const found = [
      ...stateFlaws(state, trial, reasons),
      ...reasons.flatMap((reason) => factFlaws(state, trial, reason, now)),
      ...[...withTimes(reasons, record), ...explainState(record), ...past].flatMap((reason) =>
        statementFlaws(reason, now),
      ),
      ...pastFlaws(state, trial, past),
    ];
    return found.map((flaw) => `why ${trial.id}: ${flaw}`);
  });
}

/** The first reason says what the trial does. */
function stateFlaws(state: State, trial: Trial, reasons: readonly NowReason[]): readonly string[] {
  const [first] = reasons;
  if (first === undefined) return ['there is no reason'];
  const { lease } = state.stages.get(trial.stageId) ?? {};
  const place = lease && `${state.agents.get(lease.agentId)?.name}:${lease.slot}`;
  const found: string[] = [];
  if (trial.state === 'pending' && OF_STATES.has(first.kind))
    found.push(`it waits, said ${first.kind}`);
  if (trial.state === 'running' && (first.kind !== 'runs' || first.place !== place))
    found.push(`it runs on ${place}, said ${JSON.stringify(first)}`);
  if (trial.state === 'paused' && first.kind !== 'paused')
    found.push(`it is paused, said ${first.kind}`);
  if (['completed', 'failed', 'diverged', 'cancelled'].includes(trial.state))
    if (first.kind !== 'ended' || first.state !== trial.state) found.push(`it is ${trial.state}`);
  // Whatever a slot can be given, it has been given.
  if (reasons.some(({ kind }) => kind === 'starts-now'))
    found.push('it is about to start, and did not');
  return found;
}

/** What a reason names is as it says. */
function factFlaws(state: State, trial: Trial, reason: NowReason, now: Now): readonly string[] {
  const { sweepId } = trial;
  const wrong = (is: boolean): readonly string[] =>
    is ? [] : [`not so: ${JSON.stringify(reason)}`];
  switch (reason.kind) {
    case 'back-off':
      return wrong((state.waiting.get(trial.stageId) ?? 0) > now.monoMs);
    case 'no-agent':
      return wrong(
        [...state.agents.values()].every(
          (agent) => agent.state !== 'connected' || agent.slots.length === 0,
        ),
      );
    case 'slots-busy': {
      const leased = [...state.leasesOf.values()].flatMap((slots) => [...slots.values()]);
      const named = reason.first.every((work) => leased.includes(work.stageId));
      return wrong(named && reason.busy <= leased.length && reason.busy <= reason.of);
    }
    case 'behind-stages':
      return wrong(
        reason.first.every(({ stageId, priority }) => {
          const other = state.stages.get(stageId);
          return (
            other?.state === 'pending' && other.sweepId === sweepId && priority >= reason.priority
          );
        }),
      );
    case 'behind-sweeps':
      return wrong(
        reason.sweeps.every((other) => {
          const sweep = state.sweeps.get(other.sweepId);
          const isWaiting = (state.pendingOf.get(other.sweepId)?.length ?? 0) === other.stages;
          return (
            sweep?.priority === other.priority && other.priority >= reason.priority && isWaiting
          );
        }),
      );
    case 'agents-leaving':
      return wrong(
        reason.agents.every((name) =>
          [...state.agents.values()].some(
            (agent) => agent.name === name && (agent.draining || agent.isToLeave),
          ),
        ),
      );
    case 'slots-aside':
      return wrong(
        reason.slots.every(({ remainingMs }) => remainingMs > 0) && state.aside.size > 0,
      );
    case 'checkpoint-elsewhere':
      return wrong(
        state.checkpoints
          .get(reason.stageId)
          ?.some(({ epoch, isStored }) => epoch === reason.epoch && !isStored) === true,
      );
    case 'not-reproducible':
      return wrong(state.stages.get(reason.stageId)?.reproducible === false);
    case 'pausing':
      return wrong(trial.isPausing);
    case 'priority':
      return wrong(reason.priority === trial.priority);
    case 'no-such-slot':
    case 'range-test':
    case 'agents-silent':
    case 'numerics-differ':
    case 'looked-past':
    case 'starts-now':
    case 'start':
    case 'runs':
    case 'tests-first':
    case 'agent-silent':
    case 'paused':
    case 'ended':
    case 'as-recorded':
      return [];
  }
}

/** It has words, and rests on a fact with its time. (The wall clock of a test runs backwards.) */
function statementFlaws(reason: Reason, now: Now): readonly string[] {
  const [first] = toWords(reason, now.wallMs);
  const { fact, atMs } = basisOf(reason, now.wallMs);
  const found: string[] = [];
  if (
    first === undefined ||
    first === '' ||
    /undefined|NaN(?! \w)|null/.test(first.replaceAll(/: .*/g, ''))
  )
    found.push(`says ${JSON.stringify(first)}`);
  if (atMs !== null && (fact === '' || !(atMs > 0)))
    found.push(`${reason.kind} rests on ${fact} at ${atMs}, and it is ${now.wallMs}`);
  return found;
}

/** The record tells of the attempt that runs, and of no other that does. */
function pastFlaws(state: State, trial: Trial, past: readonly Reason[]): readonly string[] {
  const stage = state.stages.get(trial.stageId);
  const open = past.filter((reason) => reason.kind === 'attempt' && reason.endedAtMs === null);
  const running = open.some(
    (one) => one.kind === 'attempt' && one.attempt === stage?.attempt && one.stageId === stage.id,
  );
  if (trial.state === 'running' && !running) return ['the attempt that runs is not told'];
  if (trial.clonedFrom === null) return [];
  return past.some(({ kind }) => kind === 'cloned') ? [] : ['it is a clone, which is not told'];
}
