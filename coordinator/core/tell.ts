// What has happened, in words for people: one line for each fact that they would want to hear of. Pure.
// Promise: nothing is said twice, and a fact that others tell, or that happens every epoch, is not told.

import type { FactView } from '../../src/wire/generated/espalier/v1/sweep.ts';
import { describeHeld } from './brake.ts';
import type { Fact, FactOf, LeaseEnd } from './fact.ts';
import type { State, Trial } from './model.ts';

/** A fact in words; the time is added by whoever knows it. */
export type Telling = Omit<FactView, 'atMs'>;

type Tone = 'good' | 'bad' | 'warn' | 'plain';
type Tellers = { readonly [K in Fact['kind']]?: (state: State, fact: FactOf[K]) => Telling };

/** What is to be said of `fact`, after which `state` is; undefined for what is not told. */
export function tellFact(state: State, fact: Fact): Telling | undefined {
  return tell(state, fact.kind, fact);
}

function tell<K extends Fact['kind']>(state: State, kind: K, fact: FactOf[K]): Telling | undefined {
  const said = TELL[kind]?.(state, fact);
  return said === undefined || said.words === '' ? undefined : said;
}

const TELL: Tellers = {
  'sweep-submitted': (state, { sweep: { id } }) =>
    ofSweep(
      id,
      'plain',
      `sweep ${id} submitted: ${count(state.trialsOf.get(id)?.length ?? 0, 'trial')}`,
    ),
  'sweep-ended': (_, { sweepId, state: how }) =>
    ofSweep(sweepId, how === 'completed' ? 'good' : 'warn', `sweep ${sweepId} ${how}`),
  'sweep-reopened': (_, { sweepId }) => ofSweep(sweepId, 'plain', `sweep ${sweepId} goes on`),
  'trial-ended': tellEnd,
  'trial-reopened': (state, { trialId }) =>
    ofTrial(state, trialId, 'plain', `${nameTrial(state, trialId)} is tried again`),
  'lease-granted': tellGrant,
  'lease-ended': tellLeaseEnd,
  'stage-forked': (state, { stageId, epoch, children }) =>
    ofStage(
      state,
      stageId,
      'plain',
      `${nameStage(state, stageId)} part at epoch ${epoch} into ${count(children.length, 'stage')}`,
    ),
  'pause-requested': (state, { trialId, isPausing }) =>
    ofTrial(
      state,
      trialId,
      'warn',
      `${nameTrial(state, trialId)} ${isPausing ? 'pauses at the end of its epoch' : 'does not pause after all'}`,
    ),
  'stage-paused': (state, { stageId }) =>
    ofStage(state, stageId, 'warn', `${nameStage(state, stageId)} paused`),
  'stage-resumed': (state, { stageId }) =>
    ofStage(state, stageId, 'plain', `${nameStage(state, stageId)} go on when a slot is free`),
  'rates-found': (_, { sweepId, rates }) =>
    ofSweep(sweepId, 'good', rates.map(({ words }) => `range test: ${words}`).join('; ')),
  'agent-joined': (_, { name, slots, draining }) =>
    ofAgent(
      draining ? 'warn' : 'plain',
      draining
        ? `agent ${name} takes nothing new`
        : `agent ${name} is there with ${count(slots.length, 'slot')}`,
    ),
  'agent-lost': (state, { agentId }) => ofAgent('bad', `agent ${nameAgent(state, agentId)} lost`),
  'agent-left': (state, { agentId }) => ofAgent('warn', `agent ${nameAgent(state, agentId)} left`),
  'agent-held': (state, fact) =>
    ofAgent(
      'warn',
      `agent ${nameAgent(state, fact.agentId)} is silent and not given up: ${describeHeld(fact)}`,
    ),
  'agent-drained': (state, { agentId }) =>
    ofAgent('warn', `agent ${nameAgent(state, agentId)} hands over what it runs, then leaves`),
  'agent-trusted': (state, { agentId }) =>
    ofAgent('plain', `agent ${nameAgent(state, agentId)} is trusted again`),
  'slot-set-aside': (state, { agentId, slot, message }) =>
    ofAgent(
      'bad',
      `slot ${nameAgent(state, agentId)}:${slot} set aside, since attempts keep failing there: ${message}`,
    ),
  'reports-forgotten': (state, { agentId, fromSequence, toSequence }) =>
    ofAgent(
      'warn',
      `${count(toSequence - fromSequence + 1, 'report')} of agent ${nameAgent(state, agentId)} are not on record here`,
    ),
};

const ENDS: Readonly<Record<FactOf['trial-ended']['state'], Tone>> = {
  completed: 'good',
  failed: 'bad',
  diverged: 'bad',
  cancelled: 'warn',
};

function tellEnd(state: State, { trialId, state: how, message }: FactOf['trial-ended']): Telling {
  const trial = state.trials.get(trialId);
  const best = how === 'completed' ? describeBest(state, trial) : '';
  const why = [message, best].filter(Boolean).join(', ');
  const words = `${nameTrial(state, trialId)} ${how}${why === '' ? '' : `: ${why}`}`;
  return ofTrial(state, trialId, ENDS[how], words);
}

function describeBest(state: State, trial: Trial | undefined): string {
  if (trial?.best == null) return '';
  const metric = state.sweeps.get(trial.sweepId)?.spec.objective.metric ?? 'objective';
  return `best ${metric} ${Number(trial.best.value.toPrecision(4))} at epoch ${trial.best.epoch}`;
}

function tellGrant(state: State, fact: FactOf['lease-granted']): Telling {
  const { stageId, attempt, agentId, slot, start } = fact;
  const again = attempt === 1 ? '' : `, attempt ${attempt}`;
  const from = start === null ? '' : `, from the checkpoint after ${count(start.epoch, 'epoch')}`;
  const where = `${nameAgent(state, agentId)}:${slot}`;
  const words = `${nameStage(state, stageId)} on ${where}${again}${from}`;
  return ofStage(state, stageId, 'plain', words);
}

/** Ends of attempts that are told by other facts. */
const IN_ORDER: ReadonlySet<LeaseEnd> = new Set(['completed', 'forked', 'diverged']);

function tellLeaseEnd(state: State, fact: FactOf['lease-ended']): Telling {
  const { stageId, attempt, end, message } = fact;
  const tone = end === 'failed' || end === 'lost' ? 'bad' : 'warn';
  const why = message === '' ? '' : `: ${message}`;
  const words = `attempt ${attempt} of ${nameStage(state, stageId)} ${end}${why}`;
  return ofStage(state, stageId, tone, IN_ORDER.has(end) ? '' : words);
}

function ofSweep(sweepId: string, tone: Tone, words: string): Telling {
  return { sweepId, trialId: '', tone, words };
}

function ofAgent(tone: Tone, words: string): Telling {
  return { sweepId: '', trialId: '', tone, words };
}

function ofTrial(state: State, trialId: string, tone: Tone, words: string): Telling {
  return { sweepId: state.trials.get(trialId)?.sweepId ?? '', trialId, tone, words };
}

function ofStage(state: State, stageId: string, tone: Tone, words: string): Telling {
  const stage = state.stages.get(stageId);
  return { sweepId: stage?.sweepId ?? '', trialId: stage?.members[0] ?? '', tone, words };
}

function nameTrial(state: State, trialId: string): string {
  const trial = state.trials.get(trialId);
  if (trial === undefined) return trialId;
  return `#${trial.number} ${trial.strategy.strategy} ${trial.strategyLabel}`.trimEnd();
}

/** `#3 plateau lr 0.1`, or `#3 and 11 others` of a stage that several began. */
function nameStage(state: State, stageId: string): string {
  const members = state.stages.get(stageId)?.members ?? [];
  const [first, ...others] = members;
  if (first === undefined) return stageId;
  if (others.length === 0) return nameTrial(state, first);
  return `#${state.trials.get(first)?.number ?? 0} and ${count(others.length, 'other')}`;
}

function nameAgent(state: State, agentId: string): string {
  return state.agents.get(agentId)?.name ?? agentId;
}

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}
