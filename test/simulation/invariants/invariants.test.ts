// Each invariant of the simulation can fail: what it must find, and that it is silent where nothing is wrong.

import { expect, onTestFinished, test } from 'vitest';
import type { Event } from '../../../coordinator/core/event.ts';
import type { Fact, FactOf } from '../../../coordinator/core/fact.ts';
import { DEFAULT_LIMITS } from '../../../coordinator/core/limits.ts';
import type { Stage, State } from '../../../coordinator/core/model.ts';
import { openStore, type Store } from '../../../coordinator/store/store.ts';
import { takeEvents } from '../../../coordinator/turn.ts';
import { submission } from '../../support/sweep.ts';
import { toNow } from '../../support/to-now.ts';
import { AFTER_COMMIT } from './after-commit.ts';
import { AFTER_EVENT } from './after-event.ts';
import { Auditor } from './auditor.ts';
import { Books, type Rule } from './books.ts';
import { CATALOGUE } from './catalogue.ts';

const MS = 1_000;

/** A coordinator with two trials of two epochs, of which the agent `ann` has the first; `small/1@0` is its stage. */
class Sound {
  readonly store: Store = openStore(':memory:');
  readonly books: Books;
  readonly auditor: Auditor;
  readonly blobs = new Map<string, string>();
  state: State;
  monoMs = MS;

  constructor() {
    onTestFinished(() => this.store.close());
    this.state = this.store.load(toNow(MS), DEFAULT_LIMITS.graceMs);
    this.books = Books.of(this.state);
    this.auditor = new Auditor(this.state, MS, DEFAULT_LIMITS);
    this.take(submission(2, 2, ['retries: 0']));
    this.take(beat('ann'));
  }

  /** What an event makes true; all of it is looked at. */
  take(event: Event): readonly Fact[] {
    const ports = { store: this.store, now: () => toNow(this.monoMs), limits: DEFAULT_LIMITS };
    const turn = takeEvents(this.state, [event], ports);
    this.state = turn.state;
    return this.tell(turn.facts.flat());
  }

  /** The coordinator tells of these facts, true or not. */
  tell(facts: readonly Fact[]): readonly Fact[] {
    this.auditor.committed(this, facts, this.monoMs);
    return facts;
  }

  /** Names of what does not hold. */
  get broken(): readonly string[] {
    return [...new Set(this.auditor.found.map((words) => words.split(':')[0] ?? ''))];
  }

  /** Changes a record behind the facts' back. */
  setStage(change: Partial<Stage>): void {
    const stage = this.state.stages.get('small/1@0');
    if (stage === undefined) throw new Error('no stage');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- maps of a state are maps
    (this.state.stages as Map<string, Stage>).set(stage.id, { ...stage, ...change });
  }
}

function beat(agentId: string): Event {
  return {
    kind: 'heartbeat',
    agentId,
    incarnation: '1',
    name: agentId,
    version: '1',
    slots: [{ name: 'cpu0', kind: 'cpu', description: '' }],
    draining: false,
    leaving: false,
    acknowledged: 0,
    running: [],
  };
}

function granted(change: Partial<FactOf['lease-granted']>): Fact {
  const lease = { stageId: 'small/2@0', attempt: 1, agentId: 'ann', slot: 'cpu1', start: null };
  return { kind: 'lease-granted', wallMs: 0, ...lease, ...change };
}

function ended(change: Partial<FactOf['lease-ended']>): Fact {
  const of = {
    stageId: 'small/1@0',
    attempt: 1,
    end: 'released',
    message: '',
    failure: null,
  } as const;
  return { kind: 'lease-ended', wallMs: 0, waitUntilMonoMs: null, ...of, ...change };
}

function recorded(change: Partial<FactOf['epoch-recorded']>): Fact {
  const rates = { steps: 1, first: 1, last: 1, least: 1, greatest: 1, applied: 1 };
  const of = {
    stageId: 'small/1@0',
    attempt: 1,
    epoch: 0,
    metrics: {},
    rates,
    seconds: 1,
    value: 1,
  };
  return { kind: 'epoch-recorded', isBest: true, wallMs: 0, ...of, ...change };
}

function trialEnded(trialId: string): Fact {
  return { kind: 'trial-ended', trialId, state: 'completed', message: '', wallMs: 0 };
}

function taken(sequence: number): Fact {
  return { kind: 'report-taken', agentId: 'ann', sequence, isStale: false };
}

test('a sound history is silent', () => {
  const sound = new Sound();
  sound.take(beat('bob'));
  sound.monoMs += 50_000;
  sound.take(beat('ann'));
  expect(sound.auditor.found).toEqual([]);
});

const BROKEN: Readonly<Record<Rule, readonly (readonly Fact[])[]>> = {
  'one-lease': [
    [granted({ stageId: 'small/1@0', attempt: 2 })],
    [granted({ slot: 'cpu0' })],
    [ended({}), granted({ stageId: 'small/1@0', attempt: 1 })],
  ],
  'holder-records': [
    [recorded({ attempt: 2 })],
    [ended({}), recorded({})],
    [recorded({ stageId: 'small/2@0' })],
  ],
  'epochs-once': [[recorded({ epoch: 1 })], [recorded({}), recorded({})]],
  'reports-once': [
    [taken(1), taken(1)],
    [taken(2), taken(1)],
  ],
  'ends-once': [
    [trialEnded('small/1'), trialEnded('small/1')],
    [{ kind: 'sweep-ended', sweepId: 'small', state: 'completed', wallMs: 0 }],
    [{ kind: 'trial-reopened', trialId: 'small/1' }],
  ],
  'retries-kept': [
    [
      ended({ end: 'failed' }),
      granted({ stageId: 'small/1@0', attempt: 2 }),
      ended({ attempt: 2, end: 'failed' }),
    ],
  ],
  'ended-starts-nothing': [[trialEnded('small/1'), trialEnded('small/2'), granted({})]],
};

test.each(Object.entries(BROKEN))('the books find that %s does not hold', (rule, histories) => {
  for (const facts of histories) {
    const sound = new Sound();
    const books = Books.of(sound.state);
    expect(books.enter(facts, sound.state).map((breach) => breach.rule)).toContain(rule);
  }
});

test('a record that contradicts another is found, of a sweep that has changed', () => {
  const sound = new Sound();
  sound.setStage({ lease: null });
  sound.tell([taken(1)]);
  expect(sound.broken).toEqual(['sound-state']);
});

test('an epoch that is no longer there is found', () => {
  const sound = new Sound();
  sound.setStage({ recordedEpochs: 1 });
  sound.tell([taken(1)]);
  sound.setStage({ recordedEpochs: 0 });
  sound.tell([taken(2)]);
  expect(sound.broken).toContain('no-way-back');
});

test('a trial that ends without the rows of its epochs is found', () => {
  const sound = new Sound();
  const trial = sound.state.trials.get('small/1');
  if (trial === undefined) throw new Error('no trial');
  const trials = new Map([[trial.id, { ...trial, state: 'completed' as const, epochsDone: 2 }]]);
  const [rows] = AFTER_COMMIT.filter(({ name }) => name === 'rows-of-the-ended');
  const { store } = sound;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much as it looks at
  const commit = {
    state: { ...sound.state, trials },
    facts: [trialEnded('small/1')],
    store,
  } as never;
  expect(rows?.find(commit)).toEqual([expect.stringContaining('has 2 epochs, rows of')]);
});

test('a stored checkpoint without its files is found, and not with them', () => {
  const sound = new Sound();
  const files = [{ path: 'model', sha256: 'f', sizeBytes: 1 }];
  const of = { stageId: 'small/1@0', epoch: 0, id: 'c', files, sizeBytes: 1, agentIds: ['ann'] };
  const checkpoints = new Map([[of.stageId, [{ ...of, isStored: true }]]]);
  sound.state = { ...sound.state, checkpoints };
  sound.blobs.set('f', '');
  sound.tell([taken(1)]);
  expect(sound.auditor.found).toEqual([]);
  sound.blobs.delete('f');
  sound.tell([taken(2)]);
  expect(sound.broken).toEqual(['stored-is-whole']);
});

test('an agent that is lost too early, or in the grace of a start, is found', () => {
  const sound = new Sound();
  sound.tell([{ kind: 'agent-lost', agentId: 'ann' }]);
  expect(sound.broken).toEqual(['lost-in-time']);
  sound.auditor.found.length = 0;
  sound.auditor.restarted(sound.state, sound.state, sound.monoMs);
  sound.monoMs += DEFAULT_LIMITS.graceMs - 1;
  sound.tell([{ kind: 'agent-lost', agentId: 'ann' }]);
  expect(sound.broken).toContain('grace');
});

test('a grant to an agent that is silent is found', () => {
  const sound = new Sound();
  sound.monoMs += DEFAULT_LIMITS.suspectMs;
  sound.tell([granted({})]);
  expect(sound.broken).toContain('granted-to-the-heard');
});

test('rows that say something else than what was known before a restart are found', () => {
  const sound = new Sound();
  const before = sound.state;
  const loaded = sound.store.load(toNow(MS), DEFAULT_LIMITS.graceMs);
  sound.auditor.restarted(before, loaded, MS);
  expect(sound.auditor.found).toEqual([]);
  sound.auditor.restarted({ ...before, leaders: new Map([['small', 'small/2']]) }, loaded, MS);
  expect(sound.broken).toEqual(['rows-say-the-same']);
});

test('errors, acknowledgements without a record and overlaps are found after whatever happens', () => {
  const { state } = new Sound();
  const world = {
    coordinator: { state, errors: ['a bug'] },
    agents: [{ id: 'ann', acknowledged: 1 }],
    trainers: { overlaps: () => ['small/1 is trained twice'] },
    restored: 0,
  };
  expect(AFTER_EVENT.map(({ find }) => find(world))).toEqual([
    ['a bug'],
    ['report 1 of ann is not on record'],
    ['small/1 is trained twice'],
  ]);
});

test('invariants have names of their own, and each promise that a simulation can break has one', () => {
  const names = CATALOGUE.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const held = new Set(CATALOGUE.flatMap(({ promises }) => promises));
  expect([...held].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});
