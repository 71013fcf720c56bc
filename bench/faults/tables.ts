// What the bench found, as Markdown tables for the README.

import { toDistribution, toMs } from '../distribution.ts';
import { toCount, toTable } from '../markdown-table.ts';
import type { DisturbedRun } from './disturbed-run.ts';
import { countRepeated, toCoordinatorTimes, toStageRecoveries } from './recovery.ts';
import { VICTIMS, type Victim } from './strikes.ts';

/** How long it took until things went on. */
export function toRecoveryTable(run: DisturbedRun): readonly string[] {
  const heads = ['`kill -9` of', 'kills', 'until', 'median / 90 % / greatest', 'of'];
  return toTable(heads, [toCoordinatorRow(run), ...toStageRows(run)]);
}

/** What it cost, and what was lost. */
export function toLossTable({ account, blows, told, orphans }: DisturbedRun): readonly string[] {
  const repeated = countRepeated(told);
  const heads = [
    'reports acknowledged',
    'lost',
    'doubled',
    'epochs',
    'repeated',
    'a kill',
    'processes left',
  ];
  const cells = [
    toCount(account.acknowledged),
    toCount(account.lost.length),
    toCount(account.doubled.length),
    toCount(account.epochs),
    toCount(repeated),
    (repeated / blows.length).toFixed(2),
    toCount(orphans.length),
  ];
  return toTable(heads, [cells]);
}

function toCoordinatorRow({ blows, coordinatorStarts, told }: DisturbedRun): readonly string[] {
  const times = toCoordinatorTimes(blows, coordinatorStarts, told);
  const kills = blows.filter(({ victim }) => victim === 'coordinator').length;
  return toRow('the coordinator', kills, 'the first report that it acknowledges', times);
}

function toStageRows({ blows, told }: DisturbedRun): readonly (readonly string[])[] {
  const recoveries = toStageRecoveries(blows, told);
  const row = (words: string, victim: Victim, isLate = false): readonly string[] => {
    const isOne = (blow: { victim: Victim; awayMs: number }): boolean =>
      blow.victim === victim && blow.awayMs > 0 === isLate;
    const times = recoveries.filter(({ blow }) => isOne(blow)).map(({ tookMs }) => tookMs);
    return toRow(words, blows.filter(isOne).length, 'the stage trains its next epoch', times);
  };
  const [, , ...others] = VICTIMS;
  return [
    row('an agent, started again at once', 'agent'),
    row('an agent, away until it is lost', 'agent', true),
    ...others.map((victim) => row(WORDS[victim], victim)),
  ];
}

const WORDS: Readonly<Record<'trial' | 'supervisor', string>> = {
  trial: 'a trial’s process',
  supervisor: 'its watcher',
};

function toRow(
  words: string,
  kills: number,
  until: string,
  times: readonly number[],
): readonly string[] {
  return [words, String(kills), until, toMs(toDistribution(times)), String(times.length)];
}
