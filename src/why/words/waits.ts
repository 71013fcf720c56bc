// Why a stage waits, in words: a sentence, and lines that say more.

import type { WaitReason, Work } from '../reason.ts';
import { count, epochs, firstLine, length, list, trials } from './text.ts';

type Of<K extends WaitReason['kind']> = Extract<WaitReason, { kind: K }>;

/** The lines of one reason. */
export function waitLines(reason: WaitReason): readonly string[] {
  switch (reason.kind) {
    case 'back-off':
      return [backOff(reason)];
    case 'range-test':
      return [
        `waits for the range test of its config, which ${reason.stageId} carries out on ${reason.place}`,
      ];
    case 'no-agent':
      return [noAgent(reason)];
    case 'no-such-slot':
      return [
        `waits for a ${reason.wanted} slot: the agents that are connected offer ${count(reason.offered, 'slot')}, none of that kind`,
      ];
    case 'slots-busy':
      return busy(reason);
    case 'agents-silent':
      return silent(reason);
    case 'agents-leaving':
      return [
        `${free(reason.slots)} of agents that hand over what they run and leave: ${list(reason.agents)}`,
      ];
    case 'slots-aside':
      return aside(reason);
    case 'checkpoint-elsewhere':
      return [elsewhere(reason)];
    case 'numerics-differ':
      return numerics(reason);
    case 'looked-past':
      return [
        `${free(reason.slots)} and ${reason.slots === 1 ? 'takes' : 'take'} none of the first stages of the queue; ${reason.ahead} are ahead of it, more than are looked at`,
      ];
    case 'starts-now':
      return [`is about to be given to ${reason.place}`];
    case 'behind-stages':
      return [behind(reason)];
    case 'behind-sweeps':
      return [sweeps(reason)];
  }
}

function backOff({ remainingMs, failures, losses }: Of<'back-off'>): string {
  const counted = [
    ...(failures > 0 ? [`it has failed ${times(failures)}`] : []),
    ...(losses > 0 ? [`it was lost with its host ${times(losses)}`] : []),
  ];
  const why = counted.length === 0 ? 'its process may still run' : counted.join(', ');
  return `waits ${length(remainingMs)} more before its next attempt: ${why}`;
}

function noAgent({ lost }: Of<'no-agent'>): string {
  const gone = lost.length === 0 ? '' : `; lost: ${list(lost)}`;
  return `waits for an agent: none is connected${gone}`;
}

function busy({ wanted, busy: used, of, first }: Of<'slots-busy'>): readonly string[] {
  const kind = wanted === 'any' ? 'slot' : `${wanted} slot`;
  const all =
    used === of ? (of === 1 ? 'the only one is' : `all ${of} are`) : `${used} of ${of} are`;
  return [
    `waits for a free ${kind}: ${all} in use`,
    ...first.map(workLine),
    ...(used > first.length ? [`and ${used - first.length} more`] : []),
  ];
}

function workLine({
  place,
  stageId,
  trials: numbers,
  trialCount,
  epoch,
  untilEpoch,
}: Work): string {
  const who = trialCount === 0 ? stageId : trials(numbers, trialCount);
  return `${place} trains ${who} (${stageId}) at epoch ${epoch} of ${untilEpoch}`;
}

function silent({ slots, agents }: Of<'agents-silent'>): readonly string[] {
  return [
    `${free(slots)} of agents that say nothing, and nothing is given to them`,
    ...agents.map(silenceLine),
  ];
}

/** What is with an agent that says nothing. */
export function silenceLine({
  agent,
  silentMs,
  lostInMs,
  isHeld,
}: Of<'agents-silent'>['agents'][number]): string {
  if (isHeld)
    return `agent ${agent} is silent, and not counted as lost for ${length(lostInMs)} more, since most agents fell silent at once`;
  const since =
    silentMs === null
      ? 'has not been heard since the coordinator started'
      : `was last heard ${length(silentMs)} ago`;
  return `agent ${agent} ${since}; in ${length(lostInMs)} it counts as lost`;
}

function aside({ slots }: Of<'slots-aside'>): readonly string[] {
  return [
    `${free(slots.length)} and set aside, since attempts kept failing there`,
    ...slots.map(
      ({ place, remainingMs, message }) =>
        `${place} for ${length(remainingMs)} more: ${firstLine(message)}`,
    ),
  ];
}

function elsewhere({ stageId, epoch, agents }: Of<'checkpoint-elsewhere'>): string {
  const after = epochs(0, epoch);
  return `waits for its checkpoint (${stageId} after ${after}), which lies only with ${list(agents)} and has not been sent to the coordinator yet`;
}

function numerics({ needs, slots }: Of<'numerics-differ'>): readonly string[] {
  return [
    `${free(slots.length)} and would compute otherwise than it was begun with (${needs}), and another slot may do better`,
    ...slots.map(({ place, has }) => `${place} computes with ${has}`),
  ];
}

function behind({ ahead, priority: own, first }: Of<'behind-stages'>): string {
  const named = first.map(({ trials: numbers, priority }) =>
    priority === own ? trials(numbers) : `${trials(numbers)} (priority ${priority})`,
  );
  const verb = ahead === 1 ? 'is' : 'are';
  return `${count(ahead, 'stage')} of the sweep ${verb} ahead of it in the queue: ${list(named, ahead)}`;
}

function sweeps({ priority, sweeps: others }: Of<'behind-sweeps'>): string {
  const named = others.map((other) => {
    const rank = other.priority > priority ? 'goes first' : 'shares the slots';
    return `${other.sweepId} (priority ${other.priority}, ${count(other.stages, 'stage')} waiting) ${rank}`;
  });
  return `its sweep has priority ${priority}: ${list(named)}`;
}

function free(slots: number): string {
  return slots === 1 ? '1 slot is free' : `${slots} slots are free`;
}

function times(n: number): string {
  return n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`;
}
