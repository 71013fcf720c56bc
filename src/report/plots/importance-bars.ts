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
    note: '',
    option: {
      ...BASE,
      grid: { left: isNarrow ? 118 : 190, right: 56, top: 10, bottom: 46 },
      xAxis: {
        type: 'value',
        min: 0,
        max: 1,
        interval: isNarrow ? 0.5 : 0.2,
        axisLabel: { ...TEXT, formatter: (value: number) => `${Math.round(value * 100)} %` },
        name: 'share of the variance',
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle: { ...TEXT, color: 'var(--ink)' },
        splitLine: { lineStyle: { color: 'var(--rule)' } },
      },
      yAxis: {
        type: 'category',
        data: bars.map(({ label }) => toPlainLine(label)),
        axisLabel: {
          ...TEXT,
          color: 'var(--ink)',
          width: isNarrow ? 108 : 180,
          overflow: 'truncate',
        },
        axisTick: { show: false },
        axisLine: { lineStyle: { color: 'var(--soft)' } },
      },
      series: [
        {
          type: 'bar',
          barWidth: 16,
          data: bars.map(toBar),
          label: {
            show: true,
            position: 'right',
            color: 'var(--ink)',
            distance: 14,
            formatter: ({ value }: { value: number }) => `${Math.round(value * 100)} %`,
          },
          emphasis: { disabled: true },
        },
        {
          type: 'scatter',
          symbol: 'rect',
          symbolSize: [2.5, 24],
          z: 5,
          itemStyle: { color: 'var(--ink)' },
          data: bars.map(({ chance }, i) => [Math.min(1, chance), i]),
          tooltip: { show: false },
          emphasis: { disabled: true },
        },
      ],
    },
  };
}

function toBar({ share, chance, levels, trials, within }: Importance): object {
  return {
    value: share,
    itemStyle: {
      color: within === '' ? 'var(--hue-0)' : 'var(--hue-5)',
      opacity: share > chance ? 1 : 0.45,
    },
    tooltip: {
      formatter: `${Math.round(share * 100)} % of the variance of ${trials} trials, ${levels} values; by chance ${Math.round(chance * 100)} %`,
    },
  };
}
