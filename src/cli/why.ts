// `espalier why`: why a trial waits, runs where it runs, or ended as it did; why a sweep is where it is.
// Promise: a coordinator is asked where one runs; where none does, the record is read and it is said what that cannot know.

import type { Command } from 'commander';
import { EspalierError } from '../domain/errors.ts';
import { readAddress } from '../storage/state-folder.ts';
import type { Reason as WireReason } from '../wire/generated/espalier/v1/sweep.ts';
import type { ServerOptions } from './options.ts';
import { coordinatorOption, jsonOption, stateOption, withExample } from './options.ts';
import { note, print, printJson } from './output.ts';
import { withClient } from './with-client.ts';
import { findSweep, findTrial, withResults } from './with-results.ts';

type Options = ServerOptions & { readonly json?: true };

/** What was asked, and the answer. `trialId` is empty for a sweep as a whole. */
type Answer = {
  readonly sweepId: string;
  readonly trialId: string;
  readonly state: string;
  readonly reasons: readonly WireReason[];
};

/** Adds the command. */
export function addWhyCommand(program: Command): void {
  const command = program
    .command('why')
    .description('say why a trial waits, runs where it runs, was cut, failed or equals another')
    .argument('<sweep-or-trial>', 'a trial such as digits-lr/7, or the sweep as a whole')
    .argument('[number]', "the trial's number")
    .addOption(coordinatorOption())
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(
    command,
    'espalier why digits-lr/7       # one trial',
    'espalier why digits-lr         # what its trials wait for',
  );
}

async function run(sweep: string, trial: string | undefined, options: Options): Promise<void> {
  const [sweepId = ''] = sweep.split('/');
  const trialId = sweep.includes('/') ? sweep : trial === undefined ? '' : toTrialId(sweep, trial);
  const live = await askLive(sweepId, trialId, options);
  const answer = live ?? (await askRecord(sweepId, trialId, options));
  if (options.json) return printJson(toJson(answer, live !== undefined));
  print(`${trialId === '' ? answer.sweepId : answer.trialId}: ${answer.state}`);
  for (const reason of answer.reasons) for (const line of toLines(reason)) print(line);
}

/** Since when, what, and what on record says so; what more there is to say stands below. */
function toLines({ words, fact, atMs }: WireReason): readonly string[] {
  const [first = '', ...more] = words.split('\n');
  const when = (atMs === 0 ? 'now' : toLocalTime(atMs)).padEnd(TIME_WIDTH);
  return [
    `${when}  ${first}${fact === '' ? '' : ` [${fact}]`}`,
    ...more.map((line) => `${' '.repeat(TIME_WIDTH)}    ${line}`),
  ];
}

/** As long as `2026-11-26 07:10:02`. */
const TIME_WIDTH = 19;

function toLocalTime(ms: number): string {
  return new Date(ms).toLocaleString('sv-SE');
}

function toTrialId(sweepId: string, trial: string): string {
  return trial.includes('/') ? trial : `${sweepId}/${trial}`;
}

/** Nothing where none runs; one that was named must answer. */
async function askLive(
  sweepId: string,
  trialId: string,
  options: Options,
): Promise<Answer | undefined> {
  if (options.coordinator === undefined && readAddress(options.state) === undefined)
    return undefined;
  try {
    const { state, reasons } = await withClient(options, (client) =>
      client.explain(sweepId, trialId),
    );
    return { sweepId, trialId, state, reasons };
  } catch (error) {
    const isAway = error instanceof EspalierError && error.code === 'unavailable';
    if (!isAway || options.coordinator !== undefined) throw error;
    note('no coordinator answers: this is what is on record');
    return undefined;
  }
}

async function askRecord(sweepId: string, trialId: string, options: Options): Promise<Answer> {
  const { explainRecord, explainState } = await import('../why/explain-record.ts');
  const { toWireReason } = await import('../why/wire.ts');
  return withResults(options, (results) => {
    const nowMs = Date.now();
    if (trialId === '') {
      const { sweep_id, state, ...row } = findSweep(results, sweepId);
      const { pending, running, paused, completed, failed, diverged, cancelled } = row;
      const counts = { pending, running, paused, completed, failed, diverged, cancelled };
      const { priority } = results.steering(sweepId);
      const whole = { kind: 'sweep', state, priority, slotsInUse: 0, counts } as const;
      return { sweepId: sweep_id, trialId, state, reasons: [toWireReason(whole, nowMs)] };
    }
    const { trial_id, state } = findTrial(results, trialId);
    const record = results.record(trial_id);
    const reasons = record === undefined ? [] : [...explainState(record), ...explainRecord(record)];
    return {
      sweepId,
      trialId: trial_id,
      state,
      reasons: reasons.map((reason) => toWireReason(reason, nowMs)),
    };
  });
}

function toJson({ sweepId, trialId, state, reasons }: Answer, isLive: boolean): object {
  return {
    sweep_id: sweepId,
    ...(trialId === '' ? {} : { trial_id: trialId }),
    state,
    source: isLive ? 'coordinator' : 'record',
    reasons: reasons.map(({ kind, words, factsJson, fact, atMs }) => {
      const facts: object = JSON.parse(factsJson);
      const at_ms = atMs === 0 ? null : atMs;
      return { kind, words: words.split('\n'), fact, ...facts, at_ms };
    }),
  };
}
