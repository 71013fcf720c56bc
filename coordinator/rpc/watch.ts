// The watch stream: whole at first, then what has changed, at most four times a second, and never faster than the
// watcher reads. A slow watcher skips states; it costs the coordinator one comparison.

import type { ServerWritableStream } from '@grpc/grpc-js';
import { EspalierError } from '../../src/domain/errors.ts';
import type {
  EpochView,
  StageView,
  WatchRequest,
  WatchResponse,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import type { Limits } from '../core/limits.ts';
import type { Checkpoint, Now, Stage, Trial } from '../core/model.ts';
import { toAgentView, toStageView, toSweepView, toTrialView } from '../core/view.ts';
import type { Loop } from '../loop.ts';
import type { ShownEpoch, Store } from '../store/store.ts';
import { toPages } from './pages.ts';
import { send } from './send.ts';

const FRAME_MS = 250;
const RECENT_MOST = 24;

type WatchStream = ServerWritableStream<WatchRequest, WatchResponse>;
export type WatchPorts = {
  readonly loop: Loop;
  readonly store: Store;
  readonly now: () => Now;
  readonly limits: Limits;
};

/** Serves one watcher until it goes. */
export async function serveWatch(call: WatchStream, ports: WatchPorts): Promise<void> {
  assertKnown(call.request, ports.loop);
  const watcher = new Watcher(call.request, ports);
  const changes = new ChangeSignal(ports.loop);
  try {
    call.once('cancelled', () => changes.close()).once('close', () => changes.close());
    do {
      for (const message of watcher.next()) if (!(await send(call, message))) return;
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

  /** The messages that bring the watcher up to date. */
  next(): readonly WatchResponse[] {
    const { loop, now, limits } = this.#ports;
    const { state } = loop;
    const sweeps = [...state.sweeps.values()].filter(
      ({ id }) => this.#request.sweepId === '' || this.#request.sweepId === id,
    );
    const changed = sweeps
      .flatMap(({ id }) => state.trialsOf.get(id) ?? [])
      .map((id) => state.trials.get(id))
      .filter((trial) => trial !== undefined)
      .filter((trial) => this.#told.get(trial.id) !== trial);
    const reset = this.#isFirst;
    this.#isFirst = false;
    this.#recent.clear();
    return toPages({
      complete: reset,
      sweeps: sweeps.map((sweep) => toSweepView(state, sweep, now())),
      agents: [...state.agents.values()].map((agent) => toAgentView(state, agent, now(), limits)),
      trials: changed.map((trial) => this.#tell(trial)),
      stages: this.#newStages(),
      epochs: this.#newEpochs(),
    });
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

  #newStages(): StageView[] {
    const { state } = this.#ports.loop;
    const views: StageView[] = [];
    for (const stage of state.stages.values()) {
      if (this.#request.sweepId !== '' && this.#request.sweepId !== stage.sweepId) continue;
      const held = state.checkpoints.get(stage.id);
      const [told, toldHeld] = this.#toldStages.get(stage.id) ?? [];
      if (told === stage && toldHeld === held) continue;
      this.#toldStages.set(stage.id, [stage, held]);
      views.push(toStageView(state, stage));
    }
    return views;
  }

  #newEpochs(): EpochView[] {
    if (this.#request.trialId === '') return [];
    const epochs = this.#ports.store.epochsOf(this.#request.trialId, this.#epochsTold);
    this.#epochsTold = (epochs.at(-1)?.epoch ?? this.#epochsTold - 1) + 1;
    return epochs.map(toEpochView);
  }
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
