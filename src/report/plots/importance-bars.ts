// Importance as bars: the share of the variance that goes back to each factor, with the share that chance alone would have.

import type { Importance } from '../importance/factors.ts';
import { toImportances } from '../importance/factors.ts';
import { toPlainLine } from '../../domain/plain-text.ts';
import { BASE, NARROW, type NoPlot, type Plot, TEXT, type View } from './plot.ts';

const ROW = 34;
const MOST = 14;

/** The bars of the factors of the whole sweep, then of those within strategies. */
export function importancePlot({ data, trials, width }: View): Plot | NoPlot {
  const all = toImportances(data, trials);
  if (all.length === 0)
    return { kind: 'none', note: 'Nothing varies among the trials that have completed.' };
  const bars = all.slice(0, MOST).toReversed();
  const isNarrow = width < NARROW;
  return {
    kind: 'drawn',
    height: ROW * bars.length + 60,
    note: noteOf(all),
    option: {
      ...BASE,
      grid: { left: isNarrow ? 118 : 190, right: 56, top: 10, bottom: 46 },
      xAxis: { ...SHARES, interval: isNarrow ? 0.5 : 0.2 },
      yAxis: {
        type: 'category',
        data: bars.map(({ label }) => toPlainLine(label)),
        axisLabel: { ...TEXT, ...INK, width: isNarrow ? 108 : 180, overflow: 'truncate' },
        axisTick: { show: false },
        axisLine: { lineStyle: { color: 'var(--soft)' } },
      },
      series: [
        { type: 'bar', barWidth: 16, data: bars.map(toBar), emphasis: { disabled: true } },
        { ...MARKS, data: bars.map(({ chance }, i) => [Math.min(1, chance), i]) },
      ],
    },
  };
}

const INK = { color: 'var(--ink)' } as const;

const SHARES = {
  type: 'value',
  min: 0,
  max: 1,
  axisLabel: { ...TEXT, formatter: percent },
  name: 'share of the variance',
  nameLocation: 'middle',
  nameGap: 28,
  nameTextStyle: { ...TEXT, ...INK },
  splitLine: { lineStyle: { color: 'var(--rule)' } },
} as const;

/** What chance would give, as upright marks. */
const MARKS = {
  type: 'scatter',
  symbol: 'rect',
  symbolSize: [2.5, 24],
  z: 5,
  itemStyle: INK,
  tooltip: { show: false },
  emphasis: { disabled: true },
} as const;

function toBar({ share, chance, levels, trials, within }: Importance): object {
  const color = within === '' ? 'var(--hue-0)' : 'var(--hue-5)';
  const words = `${percent(share)} of the variance of ${trials} trials, ${levels} values; by chance ${percent(chance)}`;
  return {
    value: share,
    itemStyle: { color: share > chance ? color : 'var(--faint)' },
    label: { show: true, position: 'right', ...INK, distance: 14, formatter: percent(share) },
    tooltip: { formatter: words },
  };
}

/** What matters most, and what the choice of strategy does, in words. */
function noteOf(all: readonly Importance[]): string {
  const [first] = all;
  const strategy = all.find(({ label, within }) => within === '' && label === 'strategy');
  const ofStrategy =
    strategy === undefined
      ? ''
      : ` The choice of strategy has ${percent(strategy.share)}, ${strategy.share > strategy.chance ? 'more' : 'no more'} than chance would give it (${percent(strategy.chance)}).`;
  if (first === undefined || first.within !== '') return ofStrategy.trim();
  const most =
    first === strategy
      ? ''
      : `Most goes back to ${toPlainLine(first.label)}: ${percent(first.share)}.`;
  return `${most}${ofStrategy}`.trim();
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
