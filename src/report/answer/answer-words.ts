// The answer in words: who won, by how much against the best fixed rate, how sure that is over the seeds.
// Promise: no claim beyond the numbers. What the seeds cannot tell apart is called that; a single seed says nothing, and so is told.

import type { ReportData, SettingData } from '../report-data.ts';
import { differenceText, settingText, valueText } from '../words.ts';
import type { Answer, Comparison } from './compare.ts';
import type { PairedInterval } from './paired-interval.ts';
import type { Standing } from './standing.ts';

/** A headline, a sentence that says how sure it is, and what else should be known. */
export type AnswerWords = {
  readonly headline: string;
  readonly sureness: string;
  readonly remarks: readonly string[];
};

/** The words; `answer` is undefined where nothing has completed with a value. */
export function toAnswerWords(data: ReportData, answer: Answer | undefined): AnswerWords {
  if (answer === undefined) return nothingWords(data);
  const { winner, rival, contest } = answer;
  const isOpen = data.sweep.state === 'running';
  const lead = isOpen ? 'So far ' : '';
  return {
    headline: `${lead}${headline(data, answer, isOpen)}`,
    sureness:
      rival === undefined || contest === undefined
        ? 'There is nothing to compare it with: no other strategy has completed.'
        : surenessWords(data, contest, rival, answer),
    remarks: remarks(data, answer, winner, rival),
  };
}

function nothingWords({ sweep, trials }: ReportData): AnswerWords {
  const failed = trials.filter(({ state }) => state === 'failed' || state === 'diverged').length;
  const isLost = failed === trials.length && failed > 0;
  return {
    headline: isLost ? 'Every trial failed or diverged.' : 'No trial has completed yet.',
    sureness: isLost
      ? 'There is no answer. The reasons are below, under Failures.'
      : `${failed > 0 ? `${failed} of ${trials.length} trials failed or diverged. ` : ''}${sweep.state === 'running' ? 'The sweep is still running.' : `The sweep is ${sweep.state}.`}`,
    remarks: [],
  };
}

function headline({ settings }: ReportData, answer: Answer, isOpen: boolean): string {
  const { winner, rival, contest, hasFixed } = answer;
  const name = winner.strategy;
  const verdict = contest?.verdict;
  const won = isOpen ? 'leads' : 'won';
  const first = isOpen ? 'leads' : 'came first';
  if (rival === undefined) return `${name} ${first}.`;
  const other = answerName(settings, rival, hasFixed && rival.strategy === 'fixed');
  if (winner.strategy === 'fixed') {
    return verdict === 'distinguishable' && betterOf(contest)
      ? `a fixed rate ${won}: it beat every schedule.`
      : `a fixed rate ${first}: no schedule did better.`;
  }
  if (verdict === 'distinguishable' && betterOf(contest))
    return `${name} ${won}: it beat ${other}.`;
  if (verdict === 'identical') return `${name} ${first}, with the same numbers as ${other}.`;
  if (verdict === 'unknown') return `${name} ${first}; how sure that is cannot be said.`;
  return `${name} ${first}, but cannot be told from ${other}.`;
}

function betterOf(contest: Comparison | undefined): boolean {
  return (contest?.interval?.mean ?? 0) > 0;
}

function answerName(settings: readonly SettingData[], rival: Standing, isFixed: boolean): string {
  return isFixed
    ? 'the best fixed rate'
    : `the best ${settings[rival.setting]?.strategy ?? 'other'}`;
}

function surenessWords(
  data: ReportData,
  contest: Comparison,
  rival: Standing,
  answer: Answer,
): string {
  const other = settingText(data.settings[rival.setting]);
  const { interval, verdict } = contest;
  if (interval === undefined)
    return `Nothing can be said about how sure this is: it has no seed in common with ${other}.`;
  const mean = `${differenceText(interval.mean)} ${data.sweep.metric} per seed`;
  if (interval.low === undefined || interval.high === undefined)
    return `With one seed nothing can be said about how sure this is: against ${other} it is ${betterWords(interval.mean)} by ${valueText(Math.abs(interval.mean))}, which another seed may turn round.`;
  const range = `${betterWords(interval.mean)} by ${valueText(Math.abs(interval.mean))} in the mean of ${interval.pairs} seeds (95 % interval ${intervalText(interval)}, positive is better)`;
  switch (verdict) {
    case 'identical':
      return `In each of ${interval.pairs} seeds it reached exactly what ${other} did.`;
    case 'distinguishable':
      return `Against ${other} it is ${range}. Zero lies outside, also at the stricter level that choosing the best of ${answer.settings} settings asks for.`;
    case 'unsettled':
      return `Against ${other} it is ${range}. Zero lies outside, but no longer once it is counted that the best of ${answer.settings} settings was chosen: not settled. More seeds would tell.`;
    case 'not-distinguishable':
      return `These are not distinguishable: against ${other} it is ${range}, which holds zero. More seeds would tell.`;
    case 'unknown':
      return `Nothing can be said about how sure this is: ${mean}.`;
  }
}

/** `−0.0213 to +0.0240`. */
export function intervalText({ low, high }: Pick<PairedInterval, 'low' | 'high'>): string {
  if (low === undefined || high === undefined) return '–';
  return `${differenceText(low)} to ${differenceText(high)}`;
}

function betterWords(mean: number): string {
  return mean >= 0 ? 'better' : 'worse';
}

function remarks(
  { sweep, settings, trials }: ReportData,
  { hasFixed }: Answer,
  winner: Standing,
  rival: Standing | undefined,
): readonly string[] {
  const words: string[] = [];
  const missing = winner.trials.length - winner.values.size;
  if (missing > 0)
    words.push(
      `${missing} of the ${winner.trials.length} trials of the leading setting have no value${winner.lost > 0 ? `; ${winner.lost} failed or diverged` : ''}.`,
    );
  const configs = [winner, rival].map((one) => one && settings[one.setting]?.config);
  if (rival !== undefined && configs[0] !== configs[1])
    words.push(
      `They differ in their config as well: ${configs[0] || 'none'} against ${configs[1] || 'none'}.`,
    );
  if (!hasFixed)
    words.push(
      'The sweep has no fixed rate that completed, so that nothing is measured against one.',
    );
  const open = trials.filter(({ state }) =>
    ['pending', 'running', 'paused'].includes(state),
  ).length;
  if (open > 0)
    words.push(
      `${open} of ${trials.length} trials are still to come${sweep.state === 'running' ? '' : ' or were left'}.`,
    );
  return words;
}
