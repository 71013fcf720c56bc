// The watch stream: whole at first, then what has changed, at most four times a second, and never faster than the
// watcher reads. A slow watcher skips states; it costs the coordinator one page, and one that stands still is cut off.

import type { ServerWritableStream } from '@grpc/grpc-js';
import { EspalierError } from '../../src/domain/errors.ts';
import type { WatchRequest, WatchResponse } from '../../src/wire/generated/espalier/v1/sweep.ts';
import { EpochView, StageView, TrialView } from '../../src/wire/generated/espalier/v1/sweep.ts';
import type { Limits } from '../core/limits.ts';
import type { Checkpoint, Now, Stage, Trial } from '../core/model.ts';
import { toStageView, toTrialView } from '../core/view.ts';
import type { Loop } from '../loop.ts';
import type { ShownEpoch, Store } from '../store/store.ts';
import { toAgentViews, toSweepViews } from './heads.ts';
import { Pager } from './pages.ts';
import { deliver } from './stall.ts';

const FRAME_MS = 250;
const RECENT_MOST = 24;

type WatchStream = ServerWritableStream<WatchRequest, WatchResponse>;
export type WatchPorts = {
  readonly loop: Loop;
  readonly store: Store;
  readonly now: () => Now;
  readonly limits: Limits;
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
  #epochsTold = 0;
  #isFirst = true;

  constructor(request: WatchRequest, ports: WatchPorts) {
    this.#request = request;
    this.#ports = ports;
  }

  /** The messages that bring the watcher up to date. Each is made, and says what is true, when it is asked for. */
  *next(): Generator<WatchResponse> {
    this.#recent.clear();
    const trials = new Pager(this.#newTrials(), sizeBy(TrialView));
    const stages = new Pager(this.#newStages(), sizeBy(StageView));
    const epochs = new Pager(this.#newEpochs(), sizeBy(EpochView));
    let head = this.#head();
    do {
      const rows = { trials: trials.take(), stages: stages.take(), epochs: epochs.take() };
      yield { ...head, ...rows };
      head = { ...head, complete: false };
    } while (!trials.isDone || !stages.isDone || !epochs.isDone);
  }

  /** What travels with every page, and takes a look at every trial to make. Only the first page of all is complete by itself. */
  #head(): Pick<WatchResponse, 'complete' | 'sweeps' | 'agents'> {
    const { loop, now, limits } = this.#ports;
    const complete = this.#isFirst;
    this.#isFirst = false;
    return {
      complete,
      sweeps: toSweepViews(loop.state, this.#request.sweepId, now()),
      agents: toAgentViews(loop.state, now(), limits),
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

/** How many bytes a row takes. */
function sizeBy<T>(codec: { encode(row: T): { finish(): Uint8Array } }): (row: T) => number {
  return (row) => codec.encode(row).finish().length;
}

function toEpochView({ epoch, metrics, first, last, least, greatest }: ShownEpoch): EpochView {
  const list = Object.entries(metrics).map(([name, value]) => ({ name, value }));
  return {
    epoch,
    metrics: list,
    lrFirst: first,
    lrLast: last,
    lrLeast: least,
    lrGreatest: greatest,
  };
}

/** Wakes a watcher some time after the first change, so that many changes make one message. */
class ChangeSignal {
  readonly #unsubscribe: () => void;
  #hasChanged = false;
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(loop: Loop) {
    this.#unsubscribe = loop.onCommit(() => {
      this.#hasChanged = true;
      this.#wake?.();
    });
  }

  /** Resolves true at the next change, but not before `leastMs` have passed; false once closed. */
  async wait(leastMs: number): Promise<boolean> {
    await this.#sleep(leastMs);
    while (!this.#hasChanged && !this.#isClosed)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#hasChanged = false;
    return !this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#wake?.();
  }

  #sleep(ms: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      setTimeout(resolve, ms);
    });
  }
}
