// What must hold of the coordinator's state after every event, in words for what does not.

import { isDeepStrictEqual } from 'node:util';
import { toScore } from '../../src/domain/objective.ts';
import { groupBy } from '../../src/domain/group-by.ts';
import { hasFindings } from '../../src/lr/find.ts';
import type { Stage, State, Sweep, Trial } from '../../coordinator/core/model.ts';
import { isFinal, NO_EPOCHS } from '../../coordinator/core/model.ts';
import { compareStages } from '../../coordinator/core/queue.ts';
import type { Store } from '../../coordinator/store/store.ts';

/** Records to look at, where others are known to be as they were. */
export type Looked = { readonly stages: Iterable<Stage>; readonly trials: Iterable<Trial> };

/** Violations of the invariants; none in a sound state. Of `looked` each record is looked at: of all, where it is not given. */
export function violations(
  state: State,
  looked: Looked = { stages: state.stages.values(), trials: state.trials.values() },
): readonly string[] {
  return [
    ...leaseViolations(state),
    ...queueViolations(state),
    ...countViolations(state),
    ...endingViolations(state),
    ...[...looked.stages].flatMap((stage) => stageViolations(state, stage)),
    ...[...looked.trials].flatMap((trial) => trialViolations(state, trial)),
    ...openViolations(state),
    ...checkpointViolations(state),
    ...findingViolations(state),
  ];
}

/** What of a state a restart must keep: everything but contacts, waits, paces, what slots compute with and how far they are trusted. */
export function durable(state: State): unknown {
  const { contacts: _contacts, waiting: _waiting, paces: _paces, ...rest } = state;
  const { numericsOf: _numericsOf, held: _held, strikes: _strikes, aside: _aside, ...kept } = rest;
  return kept;
}

/** Whether the rows show of each trial its epochs, each once, and what the state knows of them. */
export function recordViolations(
  state: State,
  store: Pick<Store, 'epochsOf' | 'recentValues'>,
): readonly string[] {
  return [...state.trials.values()].flatMap((trial) => {
    const rows = store.epochsOf(trial.id, 0);
    const epochs = rows.map(({ epoch }) => epoch);
    const found: string[] = [];
    if (epochs.length !== trial.epochsDone || epochs.some((epoch, i) => epoch !== i))
      found.push(`trial ${trial.id} has ${trial.epochsDone} epochs, rows of ${epochs.join()}`);
    // All metrics of an epoch are in one stage: where one is there twice, each is.
    const name = Object.keys(rows[0]?.metrics ?? {})[0];
    if (name !== undefined) {
      const having = rows.filter(({ metrics }) => Object.hasOwn(metrics, name)).length;
      if (store.recentValues(trial.id, name, 10_000).length !== having)
        found.push(`trial ${trial.id} has ${name} twice in an epoch`);
    }
    const sweep = state.sweeps.get(trial.sweepId);
    if (sweep === undefined) return [...found, `trial ${trial.id} has no sweep`];
    const { metric, mode } = sweep.spec.objective;
    const values = rows.map(({ metrics }) =>
      Object.hasOwn(metrics, metric) ? (metrics[metric] ?? Number.NaN) : Number.NaN,
    );
    const best = values.reduce(
      (least, value, i) =>
        toScore(mode, value) < toScore(mode, values[least] ?? Number.NaN) ? i : least,
      -1,
    );
    const expected = best === -1 ? null : { epoch: best, value: values[best] };
    if (!isDeepStrictEqual(trial.best, expected))
      found.push(`the best of ${trial.id} is ${show(trial.best)}, by its rows ${show(expected)}`);
    if (!Object.is(trial.last, values.at(-1) ?? null))
      found.push(`the last of ${trial.id} is ${trial.last}, by its rows ${values.at(-1)}`);
    return found;
  });
}

/** What is to be found is found before anything is trained, and by one attempt at a time for each config. */
function findingViolations(state: State): readonly string[] {
  // Who was cancelled before waits for nothing any more.
  const waiting = [...state.trials.values()].filter(
    ({ strategy, state: is }) => hasFindings(strategy) && !isFinal(is),
  );
  const testing = new Map<string, Set<string>>();
  for (const { sweepId, config, stageId } of waiting) {
    const key = JSON.stringify([sweepId, config]);
    if (state.stages.get(stageId)?.lease)
      testing.set(key, (testing.get(key) ?? new Set()).add(stageId));
  }
  return [
    ...waiting
      .filter(({ epochsDone }) => epochsDone > 0)
      .map(({ id }) => `trial ${id} has epochs, and no learning rate yet`),
    ...[...testing]
      .filter(([, stages]) => stages.size > 1)
      .map(([key, stages]) => `${[...stages].join(' and ')} test ${key}`),
  ];
}

function leaseViolations(state: State): readonly string[] {
  const found: string[] = [];
  for (const stage of state.stages.values()) {
    if ((stage.lease !== null) !== (stage.state === 'leased'))
      found.push(`${stage.id} is ${stage.state} with lease ${show(stage.lease)}`);
    if (
      stage.lease !== null &&
      state.leasesOf.get(stage.lease.agentId)?.get(stage.lease.slot) !== stage.id
    )
      found.push(`${stage.id} is not on the slot that its lease names`);
  }
  for (const [agentId, leases] of state.leasesOf) {
    const slots = state.agents.get(agentId)?.slots.map((slot) => slot.name) ?? [];
    for (const [slot, stageId] of leases) {
      if (state.stages.get(stageId)?.lease?.slot !== slot)
        found.push(`slot ${agentId}:${slot} is leased to ${stageId}, which does not know`);
      if (!slots.includes(slot)) found.push(`agent ${agentId} does not offer ${slot}`);
    }
    if (leases.size > 0 && state.agents.get(agentId)?.state !== 'connected')
      found.push(`agent ${agentId} is not connected and holds leases`);
  }
  return found;
}

/** Each sweep's queue is its pending stages, in order. */
function queueViolations(state: State): readonly string[] {
  const found: string[] = [];
  for (const sweepId of state.sweeps.keys()) {
    const pending = [...state.stages.values()]
      .filter((stage) => stage.sweepId === sweepId && stage.state === 'pending')
      .toSorted((a, b) => compareStages(state.trials, a, b))
      .map(({ id }) => id);
    const queued = state.pendingOf.get(sweepId) ?? [];
    if (queued.join() !== pending.join())
      found.push(`queued ${queued.join()} but pending ${pending.join()}`);
  }
  for (const stageId of state.waiting.keys())
    if (state.stages.get(stageId)?.state !== 'pending')
      found.push(`${stageId} waits and is not pending`);
  return found;
}

function countViolations(state: State): readonly string[] {
  return [...state.sweeps.values()].flatMap((sweep) => {
    const trials = trialsOf(state, sweep);
    const states = groupBy<Trial, string>(trials, ({ state: name }) => name);
    const found = Object.entries(state.counts.get(sweep.id) ?? {})
      .filter(([name, count]) => (states.get(name)?.length ?? 0) !== count)
      .map(([name, count]) => `sweep ${sweep.id} counts ${count} ${name}`);
    const [totals, counted] = [state.totals.get(sweep.id) ?? NO_EPOCHS, recount(state, sweep)];
    if (!isDeepStrictEqual(totals, counted))
      found.push(`sweep ${sweep.id} totals ${show(totals)}, not ${show(counted)}`);
    const [leader, best] = [state.leaders.get(sweep.id), findBest(trials, sweep)?.id];
    if (leader !== best) found.push(`${leader} leads ${sweep.id}, not ${best}`);
    return found;
  });
}

function recount(state: State, sweep: Sweep): unknown {
  const stages = [...state.stages.values()].filter(({ sweepId }) => sweepId === sweep.id);
  return {
    trained: stages.reduce((sum, { recordedEpochs }) => sum + recordedEpochs, 0),
    repeated: stages.reduce((sum, { repeatedEpochs }) => sum + repeatedEpochs, 0),
    notReproducible: stages.filter(({ reproducible }) => !reproducible).length,
  };
}

/** By score, then by number; trials that failed or diverged have none. */
function findBest(trials: readonly Trial[], sweep: Sweep): Trial | undefined {
  const { mode, at } = sweep.spec.objective;
  let best: { readonly trial: Trial; readonly score: number } | undefined;
  for (const trial of trials) {
    if (trial.state === 'failed' || trial.state === 'diverged') continue;
    const score = toScore(mode, at === 'best' ? trial.best?.value : (trial.last ?? undefined));
    if (!Number.isFinite(score)) continue;
    const isBetter =
      best === undefined ||
      score < best.score ||
      (score === best.score && trial.number < best.trial.number);
    if (isBetter) best = { trial, score };
  }
  return best?.trial;
}

function endingViolations(state: State): readonly string[] {
  return [...state.sweeps.values()].flatMap((sweep) => {
    const open = trialsOf(state, sweep).filter((trial) => !isFinal(trial.state));
    if ((open.length === 0) !== (sweep.state !== 'running'))
      return [`sweep ${sweep.id} is ${sweep.state} with ${open.length} open trials`];
    return [];
  });
}

/** A stage begins where its parent stood at most, with some of its trials, in order of their numbers. */
function stageViolations(state: State, stage: Stage): readonly string[] {
  const found: string[] = [];
  const members = stage.members.map((id) => state.trials.get(id));
  const numbers = members.map((trial) => trial?.number ?? 0);
  if (numbers.some((number, i) => number <= (numbers[i - 1] ?? 0)))
    found.push(`${stage.id} has members ${numbers.join()}`);
  // A clone that only has epochs from a stage does not train in it.
  const lengths = members.map((trial) => trial?.epochs ?? 0);
  const trains = members.filter((trial) => trial?.stageId === stage.id);
  const isTooShort = trains.some((trial) => (trial?.epochs ?? 0) > stage.untilEpoch);
  if (!lengths.includes(stage.untilEpoch) || (stage.state !== 'ended' && isTooShort))
    found.push(`${stage.id} goes until ${stage.untilEpoch}`);
  const open = members.filter((trial) => trial?.stageId === stage.id && !isFinal(trial.state));
  // An agent keeps its slot until it has said that it is done.
  if (open.length === 0 && stage.state !== 'ended' && stage.state !== 'leased')
    found.push(`${stage.id} is ${stage.state} and nobody trains in it`);
  if (open.length > 0 && stage.state === 'ended') found.push(`${stage.id} ended with open trials`);
  if (stage.parentId === null) {
    if (stage.rootId !== stage.id || stage.fromEpoch !== 0) found.push(`${stage.id} is no root`);
    return found;
  }
  const parent = state.stages.get(stage.parentId);
  if (parent === undefined) return [...found, `${stage.id} has no parent`];
  if (parent.rootId !== stage.rootId) found.push(`${stage.id} is of another tree than its parent`);
  if (stage.fromEpoch < parent.fromEpoch || stage.fromEpoch > next(parent))
    found.push(`${stage.id} begins at ${stage.fromEpoch}, where its parent was not`);
  if (!stage.members.every((id) => parent.members.includes(id)))
    found.push(`${stage.id} has members that its parent had not`);
  return found;
}

const STAGE_STATE = { pending: 'pending', running: 'leased', paused: 'paused' } as const;

/** A trial that has not ended is in one open stage, stands where that stands, and does what that does. */
function trialViolations(state: State, trial: Trial): readonly string[] {
  const stage = state.stages.get(trial.stageId);
  if (stage?.members.includes(trial.id) !== true)
    return [`trial ${trial.id} is not a member of ${trial.stageId}`];
  const found: string[] = [];
  if (trial.isPausing && trial.state !== 'running')
    found.push(`trial ${trial.id} is ${trial.state} and to pause`);
  if (isFinal(trial.state)) return found;
  if (STAGE_STATE[trial.state] !== stage.state)
    found.push(`trial ${trial.id} is ${trial.state} in ${stage.id}, which is ${stage.state}`);
  if (trial.epochsDone !== next(stage))
    found.push(`trial ${trial.id} has ${trial.epochsDone} epochs in ${stage.id}`);
  return found;
}

function openViolations(state: State): readonly string[] {
  const open = [...state.stages.values()].filter((stage) => stage.state !== 'ended');
  const listed = [...state.openOf.values()].reduce((sum, tree) => sum + tree.size, 0);
  const isListed = open.every(({ id, rootId }) => state.openOf.get(rootId)?.has(id) === true);
  const isEmpty = [...state.openOf.values()].some((tree) => tree.size === 0);
  return isListed && !isEmpty && listed === open.length ? [] : ['the open trees are others'];
}

function checkpointViolations(state: State): readonly string[] {
  return [...state.checkpoints].flatMap(([stageId, held]) => {
    const stage = state.stages.get(stageId);
    if (stage === undefined || held.length === 0) return [`no checkpoints of ${stageId}`];
    return held
      .filter(({ epoch }, i) => epoch <= (held[i - 1]?.epoch ?? -1))
      .map(({ epoch }) => `${stageId} has a checkpoint at ${epoch} out of order`)
      .concat(
        held
          .filter(({ epoch }) => epoch < stage.fromEpoch || epoch > next(stage))
          .map(({ epoch }) => `${stageId} has a checkpoint at ${epoch}, where it was not`),
      );
  });
}

function trialsOf(state: State, sweep: Sweep): readonly Trial[] {
  return [...state.trials.values()].filter((trial) => trial.sweepId === sweep.id);
}

function next({ fromEpoch, recordedEpochs }: Stage): number {
  return fromEpoch + recordedEpochs;
}

function show(value: unknown): string {
  return JSON.stringify(value);
}
