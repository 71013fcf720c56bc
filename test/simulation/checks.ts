// What must be true of a sweep that was run in a simulation, in words for what is not.

import { isDeepStrictEqual } from 'node:util';
import { checkpointsOn } from '../../coordinator/core/desired.ts';
import type { Sweep, Trial } from '../../coordinator/core/model.ts';
import { NO_EPOCHS } from '../../coordinator/core/model.ts';
import { recordViolations } from '../support/invariants.ts';
import type { Invariant } from './invariants/invariant.ts';
import type { Simulation } from './simulation.ts';
import type { Life } from './undisturbed.ts';

/** A world that has ended, and what each of its trials comes to alone. */
export type Ended = { readonly simulation: Simulation; readonly lives: readonly Life[] };

/** All of it but the number of epochs that were trained. */
export const AT_END: readonly Invariant<Ended>[] = [
  {
    name: 'as-trained-alone',
    promises: [8],
    says: 'the history of each trial is that of the trial trained alone, bit for bit; of one that was cancelled, the beginning of it',
    find: ({ simulation, lives }) =>
      simulation.trials.flatMap((trial, i) => flawsOfTrial(simulation, trial, lives[i])),
  },
  {
    name: 'same-again',
    promises: [8],
    says: 'what was trained again came out the same',
    find: ({ simulation }) => flawsOfTotals(simulation),
  },
  {
    name: 'rows-of-all',
    promises: [2, 3],
    says: 'the rows have each epoch of each trial once, and its best and latest value are those of the rows',
    find: ({ simulation }) => recordViolations(simulation.state, simulation.coordinator.store),
  },
  {
    name: 'known-failures',
    promises: [9],
    says: 'no attempt failed but those whose trial was made to break',
    find: ({ simulation }) => flawsOfFailures(simulation),
  },
  {
    name: 'nothing-held',
    promises: [10],
    says: 'nobody has a checkpoint or a file that no sweep keeps',
    find: ({ simulation }) => [
      ...[...simulation.state.sweeps.values()].flatMap((sweep) => flawsOfKept(simulation, sweep)),
      ...flawsOfDisks(simulation),
    ],
  },
  {
    name: 'nothing-trains',
    promises: [6, 10],
    says: 'no process trains any more',
    find: ({ simulation }) => simulation.trainers.all().map((what) => `${what} trains on`),
  },
];

/** What is wrong, in words that begin with the name of what does not hold. */
export function flawsOf(simulation: Simulation, lives: readonly Life[]): readonly string[] {
  return AT_END.flatMap(({ name, find }) =>
    find({ simulation, lives }).map((words) => `${name}: ${words}`),
  );
}

/** Epochs that were trained, each counted once. */
export function trainedIn({ state }: Simulation): number {
  return [...state.totals.values()].reduce((sum, { trained }) => sum + trained, 0);
}

/** A trial's recorded history is its life, bit for bit; of one that was cancelled, the beginning of it. */
function flawsOfTrial(
  simulation: Simulation,
  trial: Trial,
  life: Life | undefined,
): readonly string[] {
  if (life === undefined) return [`trial ${trial.id} is one too many`];
  const isCancelled = trial.state === 'cancelled';
  const expected = isCancelled ? life.epochs.slice(0, trial.epochsDone) : life.epochs;
  const found: string[] = [];
  if (!isCancelled && trial.state !== life.state)
    found.push(`trial ${trial.id} is ${trial.state}, and should be ${life.state}`);
  const epochs = simulation.epochsOf(trial.id);
  const at = Math.max(expected.length, epochs.length);
  for (let epoch = 0; epoch < at; epoch += 1)
    if (!isDeepStrictEqual(byName(epochs[epoch]), byName(expected[epoch])))
      found.push(
        `trial ${trial.id}, epoch ${epoch}: ${show(epochs[epoch])}, and should be ${show(expected[epoch])}`,
      );
  return found;
}

function flawsOfTotals({ state }: Simulation): readonly string[] {
  return [...state.sweeps.keys()].flatMap((sweepId) => {
    const { notReproducible } = state.totals.get(sweepId) ?? NO_EPOCHS;
    return notReproducible === 0 ? [] : [`${notReproducible} stages did not come out the same`];
  });
}

/** No attempt failed but those whose trial was made to break. */
function flawsOfFailures({ facts, broken }: Simulation): readonly string[] {
  return facts
    .filter((fact) => fact.kind === 'lease-ended' && fact.end === 'failed')
    .flatMap((fact) => ('message' in fact ? [fact.message] : []))
    .filter((message) => !broken.has(message))
    .map((message) => `an attempt failed: ${message}`);
}

/** Nothing is held in the end but what the sweep keeps. */
function flawsOfKept({ state, trials, coordinator }: Simulation, sweep: Sweep): readonly string[] {
  const held = [...state.checkpoints.values()].flat();
  const files = new Set(held.flatMap((checkpoint) => checkpoint.files.map(({ sha256 }) => sha256)));
  const found = [...coordinator.blobs.keys()]
    .filter((sha256) => !files.has(sha256))
    .map((sha256) => `the coordinator has a file that nobody needs: ${sha256}`);
  const { keep } = sweep.spec;
  if (keep === 'all') return found;
  const best = bestCompleted(trials, sweep);
  const kept = trials.filter(
    (trial) => keep !== 'none' && (trial === best || isKept(state.leaders, sweep, trial)),
  );
  return held
    .filter(({ stageId }) => state.stages.get(stageId)?.sweepId === sweep.id)
    .filter(
      ({ stageId, epoch }) =>
        !kept.some(
          (trial) => epochToKeep(trial, sweep) === epoch && isOnPath(state, trial, stageId),
        ),
    )
    .map(({ stageId, epoch }) => `the checkpoint of ${stageId} at ${epoch} is held: keep ${keep}`)
    .concat(found);
}

/** What the sweep keeps is there. Only where nothing was lost on the way: what dies with its agent is not saved again. */
export function missingIn({ state, trials }: Simulation): readonly string[] {
  return [...state.sweeps.values()].flatMap((sweep) => {
    // Where the leader diverged, the next one has none: it was not the best when it could have been saved.
    const hasDiverged = trials.some(
      (trial) => trial.state === 'diverged' && trial.sweepId === sweep.id,
    );
    if (sweep.spec.keep === 'none' || (sweep.spec.keep === 'best' && hasDiverged)) return [];
    const held = [...state.checkpoints.values()].flat();
    return trials
      .filter((trial) => isKept(state.leaders, sweep, trial))
      .filter(
        (trial) =>
          !held.some(
            ({ stageId, epoch, isStored }) =>
              isStored && epochToKeep(trial, sweep) === epoch && isOnPath(state, trial, stageId),
          ),
      )
      .map(({ id }) => `the checkpoint of ${id} is missing: keep ${sweep.spec.keep}`);
  });
}

/** Who leads the leaderboard, though one that was cancelled had a better value. Lower is better in all sweeps of the toy. */
function bestCompleted(trials: readonly Trial[], sweep: Sweep): Trial | undefined {
  const resultOf = ({ best, last }: Trial): number | undefined =>
    (sweep.spec.objective.at === 'best' ? best?.value : last) ?? undefined;
  return trials
    .filter(({ sweepId, state }) => sweepId === sweep.id && state === 'completed')
    .filter((trial) => Number.isFinite(resultOf(trial)))
    .toSorted((a, b) => (resultOf(a) ?? 0) - (resultOf(b) ?? 0) || a.number - b.number)[0];
}

function isKept(leaders: ReadonlyMap<string, string>, sweep: Sweep, trial: Trial): boolean {
  return sweep.spec.keep === 'best'
    ? leaders.get(sweep.id) === trial.id
    : trial.state === 'completed' && trial.sweepId === sweep.id;
}

/** How many epochs are behind the checkpoint that is kept of a trial. */
function epochToKeep(trial: Trial, { spec }: Sweep): number {
  return spec.keep === 'best' && spec.objective.at === 'best'
    ? (trial.best?.epoch ?? -1) + 1
    : trial.epochsDone;
}

function isOnPath({ stages }: Simulation['state'], trial: Trial, stageId: string): boolean {
  for (let at = stages.get(trial.stageId); at !== undefined; at = stages.get(at.parentId ?? ''))
    if (at.id === stageId) return true;
  return false;
}

/** Agents have no checkpoint that the coordinator would not have them keep. */
function flawsOfDisks({ agents, state }: Simulation): readonly string[] {
  return agents.flatMap((agent) => {
    const listed = checkpointsOn(state, agent.id).map(({ id }) => id);
    return agent.disk
      .ids()
      .filter((id) => !listed.includes(id))
      .map((id) => `${agent.id} has a checkpoint that nobody needs: ${id}`);
  });
}

function byName(epoch: Life['epochs'][number] | undefined): unknown {
  if (epoch === undefined) return undefined;
  const metrics = Object.entries(epoch.metrics).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ...epoch, metrics: Object.fromEntries(metrics) };
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' && !Number.isFinite(each) ? String(each) : each,
  );
}
