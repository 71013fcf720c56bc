// What else should be known before the answer is believed: missing values, other configs, trials that are still to come.

import { toScore } from '../../domain/objective.ts';
import { isOpenState } from '../../domain/trial-state.ts';
import type { ReportData } from '../report-data.ts';
import { settingText, valueText } from '../words.ts';
import type { Answer } from './compare.ts';

/** Sentences; none where there is nothing to say. */
export function toRemarks(data: ReportData, answer: Answer): readonly string[] {
  return [...ofValues(answer), ...ofRival(data, answer), ...ofTrials(data)];
}

/** The best value of any trial, also of one that has not completed; nothing where none has a finite value. */
export function bestSoFar({ sweep, settings, trials }: ReportData): readonly string[] {
  const valued = trials.filter(({ best }) => best !== null);
  const [first] = valued.toSorted(
    (a, b) => toScore(sweep.mode, a.best ?? undefined) - toScore(sweep.mode, b.best ?? undefined),
  );
  if (first === undefined) return [];
  const { number, setting, best, bestEpoch } = first;
  const when = bestEpoch === null ? '' : ` after epoch ${bestEpoch + 1}`;
  return [
    `The best ${sweep.metric} so far is ${valueText(best)}, of #${number} ${settingText(settings[setting])}${when}.`,
  ];
}

function ofValues({ winner, contest }: Answer): readonly string[] {
  const missing = winner.trials.filter(({ value }) => value === null).length;
  const lost = winner.lost > 0 ? ` (${winner.lost} failed or diverged)` : '';
  const isMeanWorse = contest !== undefined && (contest.interval?.mean ?? 0) < 0;
  return [
    ...(missing > 0
      ? [
          `${missing} of the ${winner.trials.length} trials of the leading setting have no value${lost}.`,
        ]
      : []),
    ...(isMeanWorse
      ? ['The order goes by the median over the seeds, which is better; the mean is not.']
      : []),
  ];
}

function ofRival({ settings }: ReportData, { winner, rival, hasFixed }: Answer): readonly string[] {
  const configOf = (setting: number): string => settings[setting]?.config || 'none';
  const differs = rival !== undefined && configOf(winner.setting) !== configOf(rival.setting);
  return [
    ...(differs
      ? [
          `They differ in their config as well: ${configOf(winner.setting)} against ${configOf(rival.setting)}.`,
        ]
      : []),
    ...(hasFixed
      ? []
      : ['No fixed rate has completed with a value, so nothing is measured against one.']),
  ];
}

function ofTrials({ sweep, trials }: ReportData): readonly string[] {
  const open = trials.filter(({ state }) => isOpenState(state)).length;
  if (open === 0) return [];
  const what = sweep.state === 'running' ? 'are still to come' : 'were left';
  return [`${open} of ${trials.length} trials ${what}.`];
}
