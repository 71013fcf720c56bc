// What the dashboard knows: what it was told, what the person chose, and what the terminal is like.
// Promise: plain readonly data. `update` is its only maker; `frame` reads nothing else.

import type { Verb } from '../domain/control.ts';
import type { TreeRow } from './tree/tree-rows.ts';
import type {
  AgentView,
  AttemptView,
  EpochView,
  FactView,
  StageView,
  SweepView,
  TrialView,
  WatchResponse,
  WatchTrialResponse,
} from '../wire/generated/espalier/v1/sweep.ts';

/** How many colours may be used: none, the terminal's own sixteen, or any. */
export type ColourDepth = 'none' | '16' | 'true';

/** A size in characters. */
export type Size = { readonly columns: number; readonly rows: number };

/** Whether what is shown is current. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly reason: string };

/** What trials can be sorted by. */
export type SortKey = 'number' | 'state' | 'strategy' | 'epoch' | 'best' | 'last' | 'rate';

/** The order of the list of trials. */
export type Sort = { readonly key: SortKey; readonly reversed: boolean };

/** What a person asks of the coordinator; an empty `trialId` means the whole sweep. */
export type Command =
  | { readonly kind: Verb; readonly sweepId: string; readonly trialId: string }
  | {
      readonly kind: 'prioritise';
      readonly sweepId: string;
      readonly trialId: string;
      readonly priority: number;
    }
  | { readonly kind: 'clone'; readonly trialId: string; readonly changes: readonly Change[] }
  | { readonly kind: 'drain'; readonly agentId: string };

/** A value that a clone has instead, as it would stand in a sweep file. */
export type Change = { readonly name: string; readonly value: string };

/** A question whose answer is typed: which trial to go to, or what a clone of one has instead. */
export type Prompt =
  | { readonly kind: 'trial' }
  | { readonly kind: 'clone'; readonly trialId: string };

/** What is in front of the panes and takes the keys first; `top` is the first line of it that is shown. */
export type Overlay =
  | { readonly kind: 'none' }
  | { readonly kind: 'help'; readonly top: number }
  | {
      readonly kind: 'text';
      readonly title: string;
      readonly lines: readonly string[];
      readonly top: number;
    }
  | { readonly kind: 'prompt'; readonly prompt: Prompt; readonly value: string }
  | { readonly kind: 'filter'; readonly before: string }
  | { readonly kind: 'agents'; readonly agentId: string }
  | { readonly kind: 'sweeps'; readonly sweepId: string }
  | { readonly kind: 'confirm'; readonly command: Command; readonly question: string };

/**
 * What the coordinator is asked for: a sweep, and one trial from near with those beside it and, if wanted, its output. Empty
 * strings mean all sweeps, and no trial.
 */
export type WatchScope = {
  readonly sweepId: string;
  readonly trialId: string;
  readonly beside: readonly string[];
  readonly output: boolean;
};

/** Which other trials are drawn behind the open one: none, its other seeds, or the best of each other strategy. */
export type Siblings = 'none' | 'seeds' | 'strategies';

/** What a cell of a heat map tells of its trials. */
export type HeatOf = 'best' | 'median' | 'spread';

/** The value of the objective after an epoch. */
export type ValueAt = { readonly epoch: number; readonly value: number };

/** What a trial has written: whole lines, and the beginning of one whose end is still to come. */
export type Output = {
  readonly lines: readonly string[];
  readonly open: string;
  readonly from: string;
};

/** Before a trial has written anything. */
export const NO_OUTPUT: Output = { lines: [], open: '', from: '' };

/** Everything that a frame is made of. */
export type Model = {
  readonly sweeps: readonly SweepView[];
  readonly trials: ReadonlyMap<string, TrialView>;
  readonly stages: ReadonlyMap<string, StageView>;
  readonly agents: readonly AgentView[];
  /** Of the trial in `scope`, by rising epoch. */
  readonly epochs: readonly EpochView[];
  /** Of the trials beside it, by rising epoch. */
  readonly beside: ReadonlyMap<string, readonly ValueAt[]>;
  readonly output: Output;
  /** What has happened, oldest first. */
  readonly facts: readonly FactView[];
  /** What slots have trained, by agent and slot, oldest first. */
  readonly lanes: ReadonlyMap<string, readonly AttemptView[]>;
  /** Trials that failed or diverged, in the order in which that was learnt. */
  readonly failures: readonly string[];
  readonly connection: Connection;

  readonly scope: WatchScope;
  /** The sweep that the panes show; empty while there is none. */
  readonly sweepId: string;
  readonly pane: string;
  readonly overlay: Overlay;
  /** Trials of the shown sweep that pass the filter, in order. */
  readonly rows: readonly TrialView[];
  readonly selectedId: string;
  /** Index of the first row on the screen. */
  readonly top: number;
  readonly sort: Sort;
  readonly filter: string;
  /** The shown sweep's stages as rows, the key of the selected one, and the index of the first on the screen. */
  readonly tree: readonly TreeRow[];
  readonly treeKey: string;
  readonly treeTop: number;
  /** The pane that the open trial was opened from. */
  readonly back: string;
  readonly logAxis: boolean;
  readonly siblings: Siblings;
  /** The selected agent or slot, the index of the first row on the screen, and how much time the lanes show, as a step; 0: what there is. */
  readonly placeKey: string;
  readonly placeTop: number;
  readonly zoom: number;
  /** The strategy that is looked at; empty for the best. */
  readonly strategy: string;
  readonly heatOf: HeatOf;
  /** Rows of the log below the screen; 0 follows it. */
  readonly logBack: number;
  readonly logShows: 'facts' | 'output';
  /** What has just happened, until the next key. */
  readonly notice: string;
  /** True where the person's certificate lets them look and not steer. */
  readonly mayOnlyRead: boolean;

  readonly size: Size;
  readonly depth: ColourDepth;
  /** The time of the last tick, and the time when a sweep's elapsed and remaining milliseconds were true. */
  readonly nowMs: number;
  readonly receivedAtMs: number;
  /** The coordinator's wall time at `receivedAtMs`, and what the person's clock is ahead of UTC; milliseconds. */
  readonly wallMs: number;
  readonly zoneMs: number;
};

/**
 * Something that happened. A key is the character it types, or a name: `up down left right home end page-up page-down enter
 * escape tab shift-tab backspace ctrl-c ctrl-l ctrl-z`.
 */
export type Message =
  | { readonly kind: 'watch'; readonly response: WatchResponse }
  | { readonly kind: 'near'; readonly response: WatchTrialResponse }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'resize'; readonly size: Size }
  | { readonly kind: 'disconnected'; readonly reason: string }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'text'; readonly title: string; readonly lines: readonly string[] }
  | { readonly kind: 'tick'; readonly nowMs: number };

/** Something to be done. `quit` ends the view and never the sweep; `interrupt` is Ctrl-C, which the caller gives its meaning. */
export type Effect =
  | { readonly kind: 'near'; readonly scope: WatchScope }
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'why'; readonly sweepId: string; readonly trialId: string }
  | { readonly kind: 'quit' | 'interrupt' | 'suspend' | 'repaint' };

/** The model after a message, and what is to be done. */
export type Step = { readonly model: Model; readonly effects: readonly Effect[] };

/** A step that changes some fields and does nothing else. */
export function change(model: Model, fields: Partial<Model>): Step {
  return { model: { ...model, ...fields }, effects: [] };
}

/** Who looks: how far their clock is ahead of UTC, in milliseconds, and whether they may only read. */
export type Viewer = Pick<Model, 'zoneMs' | 'mayOnlyRead'>;

/** A model that knows nothing yet. */
export function initialModel(
  sweepId: string,
  size: Size,
  depth: ColourDepth,
  viewer: Viewer = { zoneMs: 0, mayOnlyRead: false },
): Model {
  return {
    sweeps: [],
    trials: new Map(),
    stages: new Map(),
    agents: [],
    epochs: [],
    beside: new Map(),
    output: NO_OUTPUT,
    facts: [],
    lanes: new Map(),
    failures: [],
    connection: { kind: 'connecting' },
    scope: { sweepId, trialId: '', beside: [], output: false },
    sweepId,
    pane: 'overview',
    overlay: { kind: 'none' },
    rows: [],
    selectedId: '',
    top: 0,
    sort: { key: 'number', reversed: false },
    filter: '',
    tree: [],
    treeKey: '',
    treeTop: 0,
    back: 'trials',
    logAxis: false,
    siblings: 'none',
    placeKey: '',
    placeTop: 0,
    zoom: 0,
    strategy: '',
    heatOf: 'best',
    logBack: 0,
    logShows: 'facts',
    notice: '',
    size,
    depth,
    nowMs: 0,
    receivedAtMs: 0,
    wallMs: 0,
    ...viewer,
  };
}

/** The coordinator's wall time now, milliseconds since 1970. */
export function wallTimeOf({ wallMs, nowMs, receivedAtMs }: Model): number {
  return wallMs + Math.max(0, nowMs - receivedAtMs);
}

/** The sweep that the panes show. */
export function shownSweep(model: Model): SweepView | undefined {
  return model.sweeps.find(({ sweepId }) => sweepId === model.sweepId);
}

type Shown = { readonly sweepId: string; readonly trials: readonly TrialView[] };

// Several parts of a frame ask for the same.
const shown = new WeakMap<Model['trials'], Shown>();

/** All trials of the shown sweep, in no particular order; the same array for the same trials. */
export function shownTrials({ trials, sweepId }: Model): readonly TrialView[] {
  const known = shown.get(trials);
  if (known?.sweepId === sweepId) return known.trials;
  const found: TrialView[] = [];
  for (const trial of trials.values()) if (trial.sweepId === sweepId) found.push(trial);
  shown.set(trials, { sweepId, trials: found });
  return found;
}

/** True once every watched sweep has reached a final state. */
export function hasEnded(model: Model): boolean {
  return model.sweeps.length > 0 && model.sweeps.every(({ state }) => state !== 'running');
}
