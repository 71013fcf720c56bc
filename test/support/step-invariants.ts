// What one event must not do, in words for what it did.

import { isDeepStrictEqual } from 'node:util';
import type { Fact } from '../../coordinator/core/fact.ts';
import type { Limits } from '../../coordinator/core/limits.ts';
import type {
  Checkpoint,
  CheckpointRef,
  Contact,
  Stage,
  State,
  Trial,
} from '../../coordinator/core/model.ts';
import { isFinal } from '../../coordinator/core/model.ts';

/** The records of a state that a later one is compared with. Records never change, only maps do. */
export type Frozen = {
  readonly trials: readonly Trial[];
  readonly stages: readonly Stage[];
  readonly checkpoints: readonly Checkpoint[];
  /** Of agents that are connected: when they were last heard, until when their leases last, and until when they are held. */
  readonly contacts: readonly (Contact & {
    readonly agentId: string;
    readonly heldMs: number | undefined;
  })[];
};

/** To be taken before the event. */
export function freeze(state: State): Frozen {
  return {
    trials: [...state.trials.values()],
    stages: [...state.stages.values()],
    checkpoints: [...state.checkpoints.values()].flat(),
    contacts: [...state.contacts]
      .filter(([agentId]) => state.agents.get(agentId)?.state === 'connected')
      .map(([agentId, contact]) => ({ ...contact, agentId, heldMs: state.held.get(agentId) })),
  };
}

/** What a step from `before` to `after` through some facts must not do. */
export function stepViolations(
  before: Frozen,
  after: State,
  facts: readonly Fact[],
): readonly string[] {
  return [
    ...before.trials.flatMap((was) => trialViolations(was, after.trials.get(was.id))),
    ...before.stages.flatMap((was) => stageViolations(was, after.stages.get(was.id))),
    ...releaseViolations(before, after, facts),
  ];
}

/** No agent is lost before its time, and by time alone none while most of four or more are silent, unless that has lasted too long. */
export function lossViolations(
  { contacts }: Frozen,
  facts: readonly Fact[],
  monoMs: number,
  { suspectMs }: Pick<Limits, 'suspectMs'>,
): readonly string[] {
  const silent = contacts.filter(
    ({ seenMonoMs }) => seenMonoMs === null || monoMs - seenMonoMs >= suspectMs,
  ).length;
  const isBraked = contacts.length >= 4 && silent / contacts.length >= 0.55;
  return facts
    .filter((fact) => fact.kind === 'agent-lost')
    .map(({ agentId }) => contacts.find((contact) => contact.agentId === agentId))
    .flatMap((contact) => {
      if (contact === undefined) return ['an agent is lost that was not connected'];
      if (contact.untilMonoMs > monoMs) return [`${contact.agentId} is lost before its time`];
      return isBraked && (contact.heldMs ?? Infinity) > monoMs
        ? [`${contact.agentId} is lost while ${silent} of ${contacts.length} are silent`]
        : [];
    });
}

/** Nothing is given to a slot that was set aside, nor to an agent that has not been heard for a while. */
export function grantViolations(
  after: State,
  facts: readonly Fact[],
  monoMs: number,
  { suspectMs }: Pick<Limits, 'suspectMs'>,
): readonly string[] {
  return (
    facts
      .filter((fact) => fact.kind === 'lease-granted')
      // What goes on in place stays where it is.
      .filter(
        ({ stageId }) =>
          !facts.some((fact) => fact.kind === 'stage-forked' && fact.inPlace === stageId),
      )
      .flatMap(({ agentId, slot }) => {
        const place = `${agentId}:${slot}`;
        const aside = after.aside.get(JSON.stringify([agentId, slot]));
        const seen = after.contacts.get(agentId)?.seenMonoMs ?? null;
        return [
          ...(aside !== undefined && aside.untilMonoMs > monoMs ? [`${place} was set aside`] : []),
          ...(seen === null || monoMs - seen >= suspectMs ? [`${place} was silent`] : []),
        ].map((what) => `${what} and got something`);
      })
  );
}

/** What has ended stays so; only what failed is tried again. */
function trialViolations(was: Trial, is: Trial | undefined): readonly string[] {
  if (is === undefined) return [`trial ${was.id} is gone`];
  const found: string[] = [];
  if (isFinal(was.state) && was.state !== 'failed' && is.state !== was.state)
    found.push(`trial ${was.id} was ${was.state} and is ${is.state}`);
  if (is.epochsDone < was.epochsDone) found.push(`trial ${was.id} lost epochs`);
  if (isFinal(was.state) && is.epochsDone !== was.epochsDone)
    found.push(`trial ${was.id} had ended and got epochs`);
  return found;
}

function stageViolations(was: Stage, is: Stage | undefined): readonly string[] {
  if (is === undefined) return [`stage ${was.id} is gone`];
  const found: string[] = [];
  if (is.attempt < was.attempt)
    found.push(`attempt of ${was.id} fell from ${was.attempt} to ${is.attempt}`);
  if (is.recordedEpochs < was.recordedEpochs) found.push(`${was.id} lost epochs`);
  if (was.state === 'ended' && !isDeepStrictEqual({ ...is, members: was.members }, was))
    found.push(`${was.id} had ended and changed`);
  return found;
}

/** What an open stage would resume from first, or first of what the coordinator has, is never let go. */
function releaseViolations(
  { checkpoints }: Frozen,
  after: State,
  facts: readonly Fact[],
): readonly string[] {
  const released = facts.filter((fact) => fact.kind === 'checkpoint-released');
  if (released.length === 0) return [];
  return [...after.stages.values()]
    .filter(({ state }) => state !== 'ended')
    .flatMap((stage) => {
      const path = [...pathOf(after, stage)];
      const held = path.flatMap(({ at, until }) =>
        (after.checkpoints.get(at.id) ?? []).filter(({ epoch }) => epoch <= until),
      );
      return released
        .filter((ref) => path.some(({ at, until }) => at.id === ref.stageId && ref.epoch <= until))
        .filter((ref) => !isSurpassed(ref, wasStored(checkpoints, facts, ref), held))
        .map((ref) => `${toText(ref)} was released, and ${stage.id} has ${toLatest(held)}`);
    });
}

/** Just before it was released: one that was saved anew is another one. */
function wasStored(
  before: readonly Checkpoint[],
  facts: readonly Fact[],
  ref: CheckpointRef,
): boolean {
  const saved = facts.flatMap((fact) =>
    fact.kind === 'checkpoint-saved' ? [fact.checkpoint] : [],
  );
  const latest = [...before, ...saved].findLast(
    ({ stageId, epoch }) => stageId === ref.stageId && epoch === ref.epoch,
  );
  return latest?.isStored ?? false;
}

function isSurpassed(ref: CheckpointRef, isStored: boolean, held: readonly Checkpoint[]): boolean {
  return held.some((other) => other.epoch >= ref.epoch && (other.isStored || !isStored));
}

function* pathOf(state: State, stage: Stage): Generator<{ at: Stage; until: number }> {
  let until = stage.fromEpoch + stage.recordedEpochs;
  for (let at: Stage | undefined = stage; at !== undefined;) {
    yield { at, until };
    until = at.fromEpoch;
    at = state.stages.get(at.parentId ?? '');
  }
}

function toLatest(held: readonly Checkpoint[]): string {
  const [latest] = held.toSorted((a, b) => b.epoch - a.epoch);
  return latest === undefined ? 'none' : toText(latest);
}

function toText({ stageId, epoch }: CheckpointRef): string {
  return `the checkpoint of ${stageId} at ${epoch}`;
}
