// What the bench found, as Markdown tables for the README.

import { toDistribution, toMs } from '../distribution.ts';
import { toCount, toTable } from '../markdown-table.ts';
import type { DisturbedRun } from './disturbed-run.ts';
import { type Blow, countRepeated, toCoordinatorTimes, toStageRecoveries } from './recovery.ts';

/** How long it took until things went on: median, 90 %, greatest, and how many there were. */
export function toRecoveryTable(run: DisturbedRun): readonly string[] {
  const heads = [
    '`kill -9` of',
    'kills',
    'a report is acknowledged',
    'its slot trains',
    'its stage goes on',
  ];
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
  return ['the coordinator', String(kills), toCell(times), '–', '–'];
}

function toStageRows({ blows, told }: DisturbedRun): readonly (readonly string[])[] {
  const recoveries = toStageRecoveries(blows, told);
  const row = (words: string, isOne: (blow: Blow) => boolean): readonly string[] => {
    const ones = recoveries.filter(({ blow }) => isOne(blow));
    const slots = ones.flatMap(({ slotMs }) => slotMs ?? []);
    const stages = ones.map(({ stageMs }) => stageMs);
    return [words, String(blows.filter(isOne).length), '–', toCell(slots), toCell(stages)];
  };
  return [
    row('an agent, started again at once', (blow) => isAgent(blow) && blow.awayMs === 0),
    row('an agent, away until it is lost', (blow) => isAgent(blow) && blow.awayMs > 0),
    row('a trial’s process', ({ victim }) => victim === 'trial'),
    row('its watcher', ({ victim }) => victim === 'supervisor'),
  ];
}

function isAgent({ victim }: Blow): boolean {
  return victim === 'agent';
}

function toCell(times: readonly number[]): string {
  return times.length === 0 ? '–' : `${toMs(toDistribution(times))} (${times.length})`;
}
