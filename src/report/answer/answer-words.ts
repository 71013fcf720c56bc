// The answer in words: who won, by how much against the best fixed rate, how sure that is over the seeds.
// Promise: no claim beyond the numbers. What the seeds cannot tell apart is called that; a single seed says nothing, and so is told.

import { plural } from '../../dashboard/frame/number.ts';
import type { ReportData } from '../report-data.ts';
import { amountText, settingText } from '../words.ts';
import type { Answer, Comparison } from './compare.ts';
import type { PairedInterval } from './paired-interval.ts';
import { bestSoFar, toRemarks } from './remarks.ts';
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
  return {
    headline: toHeadline(data, answer),
    sureness: toSureness(data, answer),
    remarks: toRemarks(data, answer),
  };
}

/** `0.0008 worse`, `0.012 better`; `scale` is the largest number that it stands beside. */
export function betterText(difference: number, scale: number): string {
  return `${amountText(Math.abs(difference), scale)} ${difference < 0 ? 'worse' : 'better'}`;
}

/** `0.0229 worse to 0.0214 better`, `0.011 to 0.019 better`; nothing for a single pair. */
export function intervalText({ low, high }: Pick<PairedInterval, 'low' | 'high'>): string {
  if (low === undefined || high === undefined) return '';
  const scale = Math.max(Math.abs(low), Math.abs(high));
  if (low < 0 && high > 0) return `${betterText(low, scale)} to ${betterText(high, scale)}`;
  const [near, far] = low < 0 ? [high, low] : [low, high];
  return `${amountText(Math.abs(near), scale)} to ${betterText(far, scale)}`;
}

/** The largest number that an interval has, by which all of its numbers are rounded. */
export function scaleOfInterval({ mean, low, high }: PairedInterval): number {
  return Math.max(...[mean, low ?? 0, high ?? 0].map(Math.abs));
}

function nothingWords(data: ReportData): AnswerWords {
  const { sweep, trials } = data;
  const lost = trials.filter(({ state }) => state === 'failed' || state === 'diverged').length;
  const isLost = lost === trials.length && lost > 0;
  const state =
    sweep.state === 'running' ? 'The sweep is still running.' : `The sweep is ${sweep.state}.`;
  return {
    headline: isLost ? 'Every trial failed or diverged.' : 'No trial has completed with a value.',
    sureness: isLost
      ? 'There is no answer. The reasons are below, under Failures.'
      : `${lost > 0 ? `${lost} of ${plural(trials.length, 'trial')} failed or diverged. ` : ''}${state}`,
    remarks: bestSoFar(data),
  };
}

function toHeadline(data: ReportData, answer: Answer): string {
  const { winner, rival, contest } = answer;
  const isOpen = data.sweep.state === 'running';
  const so = isOpen ? 'So far ' : '';
  const name = nameOf(data, winner, rival);
  if (rival === undefined || contest === undefined)
    return `${so}${name} is the only setting with a result.`;
  const other = rivalName(data, answer, rival);
  switch (contest.verdict) {
    case 'distinguishable':
      return isBetter(contest)
        ? `${so}${name} ${isOpen ? 'leads' : 'won'}: it beats ${other}.`
        : unclear(so, name, other);
    case 'unsettled':
      return isBetter(contest)
        ? `${so}${name} came first; that it beats ${other} is likely, not settled.`
        : unclear(so, name, other);
    case 'identical':
      return `${so}${name} and ${other} came to the same numbers.`;
    case 'unknown':
      return `${so}${name} came first; how sure that is cannot be said.`;
    case 'not-distinguishable':
      return unclear(so, name, other);
  }
}

function unclear(so: string, name: string, other: string): string {
  return `${so === '' ? 'No' : `${so}no`} clear winner: ${name} came first, but cannot be told from ${other}.`;
}

function isBetter({ interval }: Comparison): boolean {
  return (interval?.mean ?? 0) > 0;
}

/** By its strategy, or where both are of one, with its values. */
function nameOf({ settings }: ReportData, { strategy, setting }: Standing, to?: Standing): string {
  if (to?.strategy === strategy) return settingText(settings[setting]);
  return strategy === 'fixed' ? 'a fixed rate' : strategy;
}

function rivalName(data: ReportData, { winner }: Answer, rival: Standing): string {
  if (rival.strategy === winner.strategy) return settingText(data.settings[rival.setting]);
  return rival.strategy === 'fixed' ? 'the best fixed rate' : `the best ${rival.strategy}`;
}

function toSureness(data: ReportData, { winner, rival, contest, settings }: Answer): string {
  if (rival === undefined || contest === undefined)
    return 'There is nothing to compare it with: no other setting has completed with a value.';
  const [own, other] = [winner, rival].map(({ setting }) => settingText(data.settings[setting]));
  const { interval, verdict } = contest;
  if (interval === undefined)
    return `Nothing can be said about how sure this is: ${own} and ${other} have no seed in common.`;
  const mean = betterText(interval.mean, scaleOfInterval(interval));
  const { metric } = data.sweep;
  if (interval.pairs === 1)
    return `${own} is ${mean} in ${metric} than ${other}, over one seed: another seed may turn it round. Give the sweep more seeds.`;
  const range = `Seed by seed the ${metric} of ${own} is ${mean} than that of ${other} in the mean of ${interval.pairs} seeds (95 % interval: ${intervalText(interval)})`;
  switch (verdict) {
    case 'identical':
      return `In each of ${interval.pairs} seeds ${own} reached exactly what ${other} did.`;
    case 'distinguishable':
      return `${range}: more than the seeds vary, also when it is counted that it was the best of ${settings} settings.`;
    case 'unsettled':
      return `${range}. Zero lies outside, but no longer when it is counted that it was the best of ${settings} settings. More seeds would tell.`;
    case 'not-distinguishable':
      return `${range}: these are not distinguishable. More seeds would tell.`;
    case 'unknown':
      return `${range}.`;
  }
}
