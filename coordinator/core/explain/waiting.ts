// Why a stage waits for a slot. Promise: a stage that waits has a reason, and what a reason says is so.

import type { WaitReason, Work } from '../../../src/why/reason.ts';
import type { Limits } from '../limits.ts';
import { nextEpoch, openTrials } from '../members.ts';
import type { Now, Stage, State } from '../model.ts';
import { toPlaceKey } from '../model.ts';
import { priorityOf } from '../precedence.ts';
import { testOf } from '../range-tests.ts';
import { toSilence } from './silence.ts';
import type { Judged, Verdict } from './slots.ts';
import { judgeSlots, numericsAt, stagesAhead, startOf } from './slots.ts';

/** How many of a kind are named; the others are counted. */
const NAMED_MOST = 4;

/** Reasons of a stage that is pending: what holds itself up, or else what is with the slots, and who goes before it. */
export function explainWait(
  state: State,
  stage: Stage,
  now: Now,
  limits: Limits,
): readonly WaitReason[] {
  const own = [...explainBackOff(state, stage, now), ...explainTest(state, stage, now)];
  return own.length > 0 ? own : explainSlots(state, stage, now, limits);
}

function explainBackOff(state: State, stage: Stage, now: Now): readonly WaitReason[] {
  const { id: stageId, failures, losses } = stage;
  const remainingMs = (state.waiting.get(stageId) ?? 0) - now.monoMs;
  return remainingMs > 0
    ? [{ kind: 'back-off', stageId, remainingMs, failures, losses, atMs: null }]
    : [];
}

function explainTest(state: State, stage: Stage, now: Now): readonly WaitReason[] {
  const test = testOf(state, stage);
  if (test === undefined) return [];
  const testing = [...state.leasesOf]
    .flatMap(([agentId, slots]) => [...slots].map(([slot, id]) => ({ agentId, slot, id })))
    .find(({ id }) => {
      const other = state.stages.get(id);
      return other?.sweepId === stage.sweepId && testOf(state, other) === test;
    });
  if (testing === undefined) return [];
  const place = toPlace(state, testing.agentId, testing.slot);
  const sinceAtMs = state.stages.get(testing.id)?.lease?.grantedWallMs ?? now.wallMs;
  return [{ kind: 'range-test', stageId: testing.id, place, sinceAtMs }];
}

function explainSlots(state: State, stage: Stage, now: Now, limits: Limits): readonly WaitReason[] {
  const slots = judgeSlots(state, stage, now, limits);
  if (slots.length === 0) return [explainNone(state, stage)];
  const by = (verdict: Verdict): readonly Judged[] =>
    slots.filter((one) => one.verdict === verdict);
  const busy = by('busy');
  return [
    ...by('free')
      .slice(0, 1)
      .map(
        ({ agent, slot }) => ({ kind: 'starts-now', place: `${agent.name}:${slot.name}` }) as const,
      ),
    ...(busy.length === 0 ? [] : [explainBusy(state, stage, busy, slots.length, now)]),
    ...explainSilent(state, by('silent'), now),
    ...explainLeaving(by('leaving')),
    ...explainAside(state, by('aside'), now),
    ...explainCheckpoint(state, stage, by('checkpoint')),
    ...explainNumerics(state, stage, by('numerics')),
    ...explainPast(state, stage, by('past'), now),
    ...(busy.length === 0 ? [] : explainQueue(state, stage, now)),
  ];
}

/** Nobody who is connected has such a slot. */
function explainNone(state: State, stage: Stage): WaitReason {
  const agents = [...state.agents.values()];
  const connected = agents.filter((agent) => agent.state === 'connected');
  const offered = connected.reduce((sum, { slots }) => sum + slots.length, 0);
  if (offered > 0) return { kind: 'no-such-slot', wanted: wantedBy(state, stage), offered };
  const lost = agents.filter((agent) => agent.state === 'lost').map(({ name }) => name);
  return { kind: 'no-agent', lost: lost.slice(0, NAMED_MOST) };
}

function explainBusy(
  state: State,
  stage: Stage,
  busy: readonly Judged[],
  of: number,
  now: Now,
): WaitReason {
  const first = busy.slice(0, NAMED_MOST).flatMap(({ agent, slot }) => {
    const other = state.stages.get(state.leasesOf.get(agent.id)?.get(slot.name) ?? '');
    return other === undefined ? [] : [toWork(state, other, `${agent.name}:${slot.name}`, now)];
  });
  return { kind: 'slots-busy', wanted: wantedBy(state, stage), busy: busy.length, of, first };
}

function toWork(state: State, stage: Stage, place: string, now: Now): Work {
  const trials = openTrials(state, stage).map(({ number }) => number);
  return {
    place,
    sweepId: stage.sweepId,
    stageId: stage.id,
    trials: trials.slice(0, NAMED_MOST),
    trialCount: trials.length,
    epoch: nextEpoch(stage),
    untilEpoch: stage.untilEpoch,
    sinceAtMs: stage.lease?.grantedWallMs ?? now.wallMs,
  };
}

function explainSilent(state: State, slots: readonly Judged[], now: Now): readonly WaitReason[] {
  if (slots.length === 0) return [];
  const agents = [...new Set(slots.map(({ agent }) => agent))].slice(0, NAMED_MOST);
  return [
    {
      kind: 'agents-silent',
      slots: slots.length,
      agents: agents.map((agent) => toSilence(state, agent, now)),
    },
  ];
}

function explainLeaving(slots: readonly Judged[]): readonly WaitReason[] {
  if (slots.length === 0) return [];
  const agents = [...new Set(slots.map(({ agent }) => agent.name))].slice(0, NAMED_MOST);
  return [{ kind: 'agents-leaving', slots: slots.length, agents }];
}

function explainAside(state: State, slots: readonly Judged[], now: Now): readonly WaitReason[] {
  if (slots.length === 0) return [];
  const aside = slots.map(({ agent, slot }) => {
    const { untilMonoMs = 0, message = '' } =
      state.aside.get(toPlaceKey(agent.id, slot.name)) ?? {};
    return {
      place: `${agent.name}:${slot.name}`,
      remainingMs: untilMonoMs - now.monoMs,
      message,
    };
  });
  return [{ kind: 'slots-aside', slots: aside }];
}

function explainCheckpoint(
  state: State,
  stage: Stage,
  slots: readonly Judged[],
): readonly WaitReason[] {
  const start = slots.length === 0 ? null : startOf(state, stage);
  if (start === null) return [];
  const agents = start.agentIds
    .map((id) => state.agents.get(id))
    .filter((agent) => agent?.state === 'connected')
    .map((agent) => agent?.name ?? '');
  const { stageId, epoch } = start;
  return [{ kind: 'checkpoint-elsewhere', slots: slots.length, stageId, epoch, agents }];
}

function explainNumerics(
  state: State,
  stage: Stage,
  slots: readonly Judged[],
): readonly WaitReason[] {
  if (slots.length === 0) return [];
  const others = slots.slice(0, NAMED_MOST).map((judged) => ({
    place: `${judged.agent.name}:${judged.slot.name}`,
    has: numericsAt(state, stage.sweepId, judged),
  }));
  return [{ kind: 'numerics-differ', needs: stage.numerics ?? '', slots: others }];
}

function explainPast(
  state: State,
  stage: Stage,
  slots: readonly Judged[],
  now: Now,
): readonly WaitReason[] {
  const ahead = slots.length === 0 ? 0 : stagesAhead(state, stage, now).length;
  return ahead === 0 ? [] : [{ kind: 'looked-past', slots: slots.length, ahead }];
}

/** Who is given the next slot rather. */
function explainQueue(state: State, stage: Stage, now: Now): readonly WaitReason[] {
  const ahead = stagesAhead(state, stage, now);
  const first = ahead.slice(0, NAMED_MOST).map((other) => ({
    stageId: other.id,
    trials: openTrials(state, other)
      .map(({ number }) => number)
      .slice(0, NAMED_MOST),
    priority: priorityOf(state, other),
  }));
  const priority = priorityOf(state, stage);
  return [
    ...(ahead.length === 0
      ? []
      : [{ kind: 'behind-stages', ahead: ahead.length, priority, first } as const]),
    ...explainSweeps(state, stage),
  ];
}

/** Sweeps that are as urgent or more so and have stages that wait. */
function explainSweeps(state: State, stage: Stage): readonly WaitReason[] {
  const priority = state.sweeps.get(stage.sweepId)?.priority ?? 0;
  const sweeps = [...state.sweeps.values()]
    .filter((other) => other.id !== stage.sweepId && other.state === 'running')
    .filter((other) => other.priority >= priority)
    .map((other) => ({
      sweepId: other.id,
      priority: other.priority,
      stages: state.pendingOf.get(other.id)?.length ?? 0,
    }))
    .filter(({ stages }) => stages > 0)
    .toSorted((a, b) => b.priority - a.priority);
  if (sweeps.length === 0) return [];
  return [{ kind: 'behind-sweeps', priority, sweeps: sweeps.slice(0, NAMED_MOST) }];
}

function wantedBy(state: State, { sweepId }: Stage): string {
  return state.sweeps.get(sweepId)?.spec.slots.kind ?? 'any';
}

function toPlace(state: State, agentId: string, slot: string): string {
  return `${state.agents.get(agentId)?.name ?? agentId}:${slot}`;
}
