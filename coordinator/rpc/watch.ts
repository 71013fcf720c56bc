// The watch stream: whole at first, then what has changed, at most four times a second, and never faster than the
// watcher reads. A slow watcher skips states; it costs the coordinator one page, and one that stands still is cut off.

import type { ServerWritableStream } from '@grpc/grpc-js';
import { EspalierError } from '../../src/domain/errors.ts';
import type { WatchRequest, WatchResponse } from '../../src/wire/generated/espalier/v1/sweep.ts';
import {
  AttemptView,
  EpochView,
  FactView,
  StageView,
  TrialView,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import type { Limits } from '../core/limits.ts';
import type { Checkpoint, Now, Stage, Trial } from '../core/model.ts';
import { toStageView, toTrialView } from '../core/view.ts';
import type { Loop } from '../loop.ts';
import type { Store } from '../store/store.ts';
import { ChangeSignal } from './change-signal.ts';
import { toAgentViews, toSweepViews } from './heads.ts';
import { History } from './history.ts';
import type { Loads } from './loads.ts';
import { Pager, sizeBy } from './pages.ts';
import { deliver } from './stall.ts';
import { toEpochView } from './watch-trial.ts';

const FRAME_MS = 250;
const RECENT_MOST = 24;

type WatchStream = ServerWritableStream<WatchRequest, WatchResponse>;

/** What watching works with. */
export type WatchPorts = {
  readonly loop: Loop;
  readonly store: Store;
  readonly now: () => Now;
  readonly limits: Limits;
  readonly loads: Loads;
};

/**
 * Serves one watcher until it goes.
 * @throws EspalierError `not-found` for what is not there, `busy` for a watcher that does not read
 */
export async function serveWatch(call: WatchStream, ports: WatchPorts): Promise<void> {
  assertKnown(call.request, ports.loop);
  const { stallMs } = ports.limits;
  const watcher = new Watcher(call.request, ports);
  const changes = new ChangeSignal(ports.loop);
  try {
    call.once('cancelled', () => changes.close()).once('close', () => changes.close());
    do {
      for (const message of watcher.next()) if (!(await deliver(call, message, stallMs))) return;
    } while (await changes.wait(FRAME_MS));
  } finally {
    changes.close();
    watcher.close();
  }
}

function assertKnown({ sweepId, trialId }: WatchRequest, loop: Loop): void {
  if (sweepId !== '' && !loop.state.sweeps.has(sweepId))
    throw new EspalierError('not-found', `no sweep ${sweepId.slice(0, 200)}`);
  if (trialId !== '' && !loop.state.trials.has(trialId))
    throw new EspalierError('not-found', `no trial ${trialId.slice(0, 200)}`);
}

/** What one watcher has been told, and the difference to now. */
class Watcher {
  readonly #request: WatchRequest;
  readonly #ports: WatchPorts;
  readonly #told = new Map<string, Trial>();
  readonly #toldStages = new Map<string, readonly [Stage, readonly Checkpoint[] | undefined]>();
  readonly #recent = new Map<string, readonly number[]>();
  readonly #history: History | undefined;
  #epochsTold = 0;
  #isFirst = true;

  constructor(request: WatchRequest, ports: WatchPorts) {
    this.#request = request;
    this.#ports = ports;
    const { loop, store, now } = ports;
    const history = { loop, store, wallMs: () => now().wallMs };
    this.#history = request.history ? new History(request.sweepId, history) : undefined;
  }

  close(): void {
    this.#history?.close();
  }

  /** The messages that bring the watcher up to date. Each is made, and says what is true, when it is asked for. */
  *next(): Generator<WatchResponse> {
    this.#recent.clear();
    const history = this.#history?.next() ?? { facts: [], attempts: [] };
    const trials = new Pager(this.#newTrials(), sizeBy(TrialView));
    const stages = new Pager(this.#newStages(), sizeBy(StageView));
    const epochs = new Pager(this.#newEpochs(), sizeBy(EpochView));
    const facts = new Pager(history.facts, sizeBy(FactView));
    const attempts = new Pager(history.attempts, sizeBy(AttemptView));
    const pagers = [trials, stages, epochs, facts, attempts];
    let head = this.#head();
    do {
      const rows = { trials: trials.take(), stages: stages.take(), epochs: epochs.take() };
      yield { ...head, ...rows, facts: facts.take(), attempts: attempts.take() };
      head = { ...head, complete: false };
    } while (pagers.some(({ isDone }) => !isDone));
  }

  /** What travels with every page, and takes a look at every trial to make. Only the first page of all is complete by itself. */
  #head(): Pick<WatchResponse, 'complete' | 'sweeps' | 'agents' | 'nowMs'> {
    const { loop, now, limits, loads } = this.#ports;
    const complete = this.#isFirst;
    this.#isFirst = false;
    return {
      complete,
      sweeps: toSweepViews(loop.state, this.#request.sweepId, now()),
      agents: toAgentViews(loop.state, now(), limits, loads),
      nowMs: now().wallMs,
    };
  }

  *#newTrials(): Generator<WatchResponse['trials'][number]> {
    const { state } = this.#ports.loop;
    const { sweepId } = this.#request;
    for (const [id, trialIds] of state.trialsOf) {
      if (sweepId !== '' && sweepId !== id) continue;
      for (const trialId of trialIds) {
        const trial = state.trials.get(trialId);
        if (trial !== undefined && this.#told.get(trialId) !== trial) yield this.#tell(trial);
      }
    }
  }

  #tell(trial: Trial): WatchResponse['trials'][number] {
    const { loop, store } = this.#ports;
    this.#told.set(trial.id, trial);
    const metric = loop.state.sweeps.get(trial.sweepId)?.spec.objective.metric ?? '';
    // Trials that are equally far in one stage have the same epochs behind them.
    const key = `${trial.stageId} ${trial.epochsDone}`;
    const recent = this.#recent.get(key) ?? store.recentValues(trial.id, metric, RECENT_MOST);
    this.#recent.set(key, recent);
    return toTrialView(loop.state, trial, trial.epochsDone === 0 ? [] : recent);
  }

  *#newStages(): Generator<StageView> {
    const { state } = this.#ports.loop;
    for (const stage of state.stages.values()) {
      if (this.#request.sweepId !== '' && this.#request.sweepId !== stage.sweepId) continue;
      const held = state.checkpoints.get(stage.id);
      const [told, toldHeld] = this.#toldStages.get(stage.id) ?? [];
      if (told === stage && toldHeld === held) continue;
      this.#toldStages.set(stage.id, [stage, held]);
      yield toStageView(state, stage);
    }
  }

  #newEpochs(): EpochView[] {
    if (this.#request.trialId === '') return [];
    const epochs = this.#ports.store.epochsOf(this.#request.trialId, this.#epochsTold);
    this.#epochsTold = (epochs.at(-1)?.epoch ?? this.#epochsTold - 1) + 1;
    return epochs.map(toEpochView);
  }
}
