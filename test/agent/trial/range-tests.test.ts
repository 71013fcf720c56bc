// The range tests of an attempt, with a trial that answers as it is told to.

import { expect, test } from 'vitest';
import type { StageAttempt } from '../../../agent/core/assignment.ts';
import type { MemberSpec } from '../../../agent/core/cohort.ts';
import type { Ending } from '../../../agent/core/outcome.ts';
import type { AttemptHost, ReportItem } from '../../../agent/trial/attempt-host.ts';
import { runAttempt } from '../../../agent/trial/attempt.ts';
import { toFinding } from '../../../src/lr/find.ts';
import { STOP_FACTOR } from '../../../src/lr/range-test/divergence.ts';
import { toLearningRates } from '../../../src/lr/range-test/ramp.ts';
import type { Answer, Command } from '../../../src/trial/protocol.ts';
import { testLosses } from '../../simulation/toy-range-test.ts';
import { toFixed, toSpec } from '../core/member.ts';

const STEPS = 30;

const STAGE: StageAttempt = {
  stageId: 'w/1@0',
  attempt: 1,
  sweepId: 'w',
  bundleSha256: 'a'.repeat(64),
  files: [],
  config: { units: 8 },
  seed: 99,
  fromEpoch: 0,
  recordedEpochs: 0,
  backends: ['cpu'],
  objective: { metric: 'val_loss', mode: 'min' },
  start: undefined,
  checkpointEvery: 1000,
  keep: 'none',
  mostEpochs: 4,
  exclusive: false,
};

type Asked = { readonly command: Command; readonly limitMs: number | undefined };

type Setting = {
  /** What the trial answers in the place of what it should. */
  readonly answer?: (command: Command, seed: number) => Answer | undefined;
  readonly absent?: readonly number[];
  readonly epochMs?: number;
};

/** An attempt with these members, and all that was asked and reported. */
async function attempt(
  members: readonly MemberSpec[],
  { answer = () => undefined, absent = [], epochMs }: Setting = {},
): Promise<{ asked: Asked[]; reports: ReportItem[]; ending: Ending }> {
  const asked: Asked[] = [];
  const reports: ReportItem[] = [];
  let seed = 0;
  const reply = (command: Command): Answer => {
    if (command.kind === 'open') ({ seed } = command);
    return answer(command, seed) ?? toAnswer(command, seed);
  };
  const host: AttemptHost = {
    fetchSources: async () => ({ bundle: 'bundle.mjs', files: 'data' }),
    fetchMembers: async () => members,
    fetchHistory: async () => new Map(),
    checkpoints: {
      reserve: () => Promise.reject(new Error('nothing is saved')),
      discard: () => Promise.reject(new Error('nothing is discarded')),
      keep: () => Promise.reject(new Error('nothing is kept')),
      fetch: () => Promise.reject(new Error('nothing is fetched')),
    },
    startTrainer: async () => ({
      ask: async (command, limitMs) => {
        asked.push({ command, limitMs });
        return reply(command);
      },
      tail: () => '',
    }),
    wishes: () => ({
      absent: new Set(absent),
      pausing: new Set(),
      bestValue: undefined,
      isToLeave: false,
    }),
    report: (item) => void reports.push(item),
    limits: { openedMs: 7, ...(epochMs !== undefined && { epochMs }) },
  };
  const ending = await runAttempt(STAGE, host);
  return { asked, reports, ending };
}

function toAnswer(command: Command, seed: number): Answer {
  if (command.kind === 'open') return { ...OPENED, numerics: `toy ${seed}` };
  if (command.kind === 'range_test') {
    const losses = testLosses({}, seed, command.learning_rate);
    return { kind: 'range_tested', losses, stopped: null };
  }
  return command.kind === 'epoch'
    ? { ...TRAINED, epoch: command.epoch, learning_rate: Number(command.learning_rate) }
    : { kind: 'failed', message: `${command.kind} was not expected` };
}

const OPENED = {
  kind: 'opened',
  steps_per_epoch: STEPS,
  backend: 'toy',
  can_save: false,
} as const;

const TRAINED = { kind: 'trained', metrics: { val_loss: 1 }, steps: STEPS, seconds: 1 } as const;

function toFound(number: number, find: object = {}): MemberSpec {
  return toSpec(number, { strategy: 'fixed', lr: { find } });
}

/** What was asked, in a few words. */
function outlineOf(asked: readonly Asked[]): readonly string[] {
  return asked.map(({ command }) =>
    command.kind === 'open' ? `open ${command.seed}` : command.kind,
  );
}

const FLAT: Setting['answer'] = (command) =>
  command.kind === 'range_test'
    ? { kind: 'range_tested', losses: command.learning_rate.map(() => 1), stopped: null }
    : undefined;

test('every seed is tested by a trial opened anew, with all the rates; the stage is handed back with what was found', async () => {
  const { asked, reports, ending } = await attempt([toFound(1), toFixed(2)]);
  expect(outlineOf(asked)).toEqual([1, 2, 3].flatMap((seed) => [`open ${seed}`, 'range_test']));
  expect(asked[2]?.command).toEqual({
    kind: 'open',
    bundle: 'bundle.mjs',
    files: 'data',
    config: STAGE.config,
    seed: 2,
    epochs: 4,
    backends: ['cpu'],
  });
  expect(asked[1]?.command).toEqual({
    kind: 'range_test',
    learning_rate: toLearningRates(toFinding({ find: {} }).find).map(Math.fround),
    stop_factor: STOP_FACTOR,
  });
  expect(ending).toEqual({ outcome: 'released', message: 'the range tests are over' });
  expect(reports.map(({ $case }) => $case)).toEqual(['opened', 'rates']);
  // The first trial speaks for all of them.
  expect(reports[0]).toMatchObject({ opened: { stepsPerEpoch: STEPS, numerics: 'toy 1' } });
  const { find } = toFinding({ find: {} });
  expect(reports[1]).toMatchObject({
    rates: { rates: [{ findJson: JSON.stringify(find), found: 3, tested: 3 }] },
  });
});

test('two ways to test are two series of tests and one report', async () => {
  const finds = [{ seeds: [4] }, { seeds: [5], steps: 60 }, { seeds: [4], suggest: 'steepest' }];
  const { asked, reports } = await attempt(finds.map((find, i) => toFound(i + 1, find)));
  expect(outlineOf(asked)).toEqual(['open 4', 'range_test', 'open 5', 'range_test']);
  const lengths = asked.flatMap(({ command }) =>
    command.kind === 'range_test' ? [command.learning_rate.length] : [],
  );
  expect(lengths).toEqual([100, 60]);
  expect(reports.map(({ $case }) => $case)).toEqual(['opened', 'rates']);
  expect(reports[1]?.$case === 'rates' && reports[1].rates.rates).toHaveLength(3);
});

test('a test has the time of as many epochs as its steps touch, and an opening its own', async () => {
  const { asked } = await attempt([toFound(1, { seeds: [1] })], { epochMs: 1000 });
  expect(asked.map(({ limitMs }) => limitMs)).toEqual([7, 4000]);
});

test('no timer is asked for more time than it can count', async () => {
  const { asked } = await attempt([toFound(1, { seeds: [1] })], { epochMs: 2 ** 31 - 1 });
  expect(asked[1]?.limitMs).toBe(2 ** 31 - 1);
});

test('without a limit for epochs a test has none', async () => {
  const { asked } = await attempt([toFound(1, { seeds: [1] })]);
  expect(asked.map(({ limitMs }) => limitMs)).toEqual([7, undefined]);
});

test.each<['open' | 'range_test', readonly string[]]>([
  ['open', ['open 1', 'range_test', 'open 2']],
  ['range_test', ['open 1', 'range_test', 'open 2', 'range_test']],
])(
  'a failure of %s ends the attempt in its own words, and nothing is found',
  async (kind, steps) => {
    const { asked, reports, ending } = await attempt([toFound(1)], {
      answer: (command, seed) =>
        command.kind === kind && seed === 2 ? { kind: 'failed', message: 'no memory' } : undefined,
    });
    expect(outlineOf(asked)).toEqual(steps);
    expect(ending).toEqual({ outcome: 'failed', message: 'no memory' });
    expect(reports.map(({ $case }) => $case)).toEqual(['opened']);
  },
);

test.each(['open', 'range_test'])(
  'an answer to another question than %s is a failure, too',
  async (asked) => {
    const { ending } = await attempt([toFound(1)], {
      answer: ({ kind }) => (kind === asked ? { kind: 'closed' } : undefined),
    });
    expect(ending.message).toBe(`the trial answered closed when ${asked} was asked`);
  },
);

test('a loss that does not fall is reported in words', async () => {
  const { reports, ending } = await attempt([toFound(1)], { answer: FLAT });
  expect(ending.outcome).toBe('released');
  expect(reports.map(({ $case }) => $case)).toEqual(['opened', 'rates']);
  const words = expect.stringMatching(
    /^the range test found no learning rate \(valley\): the loss does not fall/,
  );
  expect(reports[1]).toMatchObject({ rates: { rates: [], missing: [{ words }] } });
});

test('losses that are no numbers are looked at as what they are', async () => {
  const { reports } = await attempt([toFound(1)], {
    answer: ({ kind }) =>
      kind === 'range_test' ? { kind: 'range_tested', losses: ['NaN'], stopped: 'NaN' } : undefined,
  });
  const words = expect.stringContaining('the loss diverges too early, at learning rate 1e-7');
  expect(reports[1]).toMatchObject({ rates: { missing: [{ words }] } });
});

test('all ways to test are told of in one report, those that found something and those that did not', async () => {
  const { reports } = await attempt([toFound(1, { seeds: [1] }), toFound(2, { seeds: [2] })], {
    answer: (command, seed) => (seed === 2 ? FLAT?.(command, seed) : undefined),
  });
  expect(reports[1]).toMatchObject({ rates: { rates: [{ found: 1 }], missing: [{}] } });
});

test('what members that have ended left to find is not tested, and the others train', async () => {
  const { asked, reports, ending } = await attempt([toFound(1), toFixed(2, 0.5, 1)], {
    absent: [1],
  });
  expect(outlineOf(asked)).toEqual(['open 99', 'epoch']);
  expect(asked[1]?.command).toMatchObject({ learning_rate: 0.5 });
  expect(reports.map(({ $case }) => $case)).toEqual(['opened', 'epoch']);
  expect(ending.outcome).toBe('completed');
});
