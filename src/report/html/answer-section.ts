// The first screen: the answer in words, three figures, and each strategy against the best fixed rate.

import { plural } from '../../dashboard/frame/number.ts';
import type { Answer, Comparison } from '../answer/compare.ts';
import { toAnswer } from '../answer/compare.ts';
import {
  betterText,
  intervalText,
  scaleOfInterval,
  toAnswerWords,
} from '../answer/answer-words.ts';
import type { PairedInterval } from '../answer/paired-interval.ts';
import { toStandings, type Standing } from '../answer/standing.ts';
import { toLooks } from '../look.ts';
import type { ReportData } from '../report-data.ts';
import { differenceText, escapeHtml, settingText, valueText } from '../words.ts';
import { keyHtml } from './key.ts';

/** The section, of the whole sweep whatever the filters say. */
export function answerSection(data: ReportData): string {
  const answer = toAnswer(toStandings(data, data.trials), data.sweep.mode);
  const { headline, sureness, remarks } = toAnswerWords(data, answer);
  return [
    '<section class="answer" id="answer" aria-label="Answer">',
    `<h1>${escapeHtml(headline)}</h1>`,
    `<p class="sure">${escapeHtml(sureness)}</p>`,
    ...remarks.map((words) => `<p class="remark">${escapeHtml(words)}</p>`),
    ...(answer === undefined ? [] : [figures(data, answer), duel(data, answer)]),
    '</section>',
  ].join('\n');
}

function figures(data: ReportData, { winner, rival, contest }: Answer): string {
  const { metric, state } = data.sweep;
  const first = contest?.verdict === 'distinguishable' ? 'Winner' : 'First place';
  const name = rival?.strategy === 'fixed' ? 'Best fixed rate' : 'Runner-up';
  return [
    '<dl class="figures">',
    figure(
      state === 'running' ? 'Leader' : first,
      winner.median,
      settingWords(data, winner),
      metric,
    ),
    rival === undefined ? '' : figure(name, rival.median, settingWords(data, rival), metric),
    contest?.interval === undefined ? '' : differenceFigure(contest.interval),
    '</dl>',
  ].join('');
}

function differenceFigure(interval: PairedInterval): string {
  const value = betterText(interval.mean, scaleOfInterval(interval));
  const range = interval.pairs > 1 ? `95 %: ${intervalText(interval)}` : 'no interval';
  return `<div><dt>Difference, mean over ${plural(interval.pairs, 'seed')}</dt><dd class="value">${value}</dd><dd class="what">${range}</dd></div>`;
}

function figure(title: string, value: number, what: string, metric: string): string {
  return `<div><dt>${title}, median ${escapeHtml(metric)}</dt><dd class="value">${valueText(value)}</dd><dd class="what">${what}</dd></div>`;
}

function settingWords({ settings }: ReportData, standing: Standing): string {
  const seeds = plural(standing.values.size, 'seed').replace(' ', '\u00a0');
  return `${escapeHtml(settingText(settings[standing.setting]))} ·\u00a0${seeds}`;
}

function duel(data: ReportData, answer: Answer): string {
  const { strategies, reference, hasFixed } = answer;
  const others = strategies.filter(({ standing }) => standing !== reference);
  if (others.length === 0) return '';
  const ends = others.flatMap(({ interval }) =>
    interval === undefined ? [] : [interval.low ?? interval.mean, interval.high ?? interval.mean],
  );
  const [from, to] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const span = to - from || 1;
  const scale = Math.max(-from, to);
  const at = (value: number): string => `${(2 + (96 * (value - from)) / span).toFixed(2)}%`;
  const base = settingText(data.settings[reference.setting]);
  const title = hasFixed ? `the best fixed rate (${base})` : `the leader (${base})`;
  return [
    `<h3>The best setting of each strategy against ${escapeHtml(title)}</h3>`,
    '<div class="duel">',
    '<div class="line head"><span class="name">strategy, its best setting</span>',
    '<span class="ends"><span>← worse</span><span>better →</span></span>',
    `<span class="numbers">difference in ${escapeHtml(data.sweep.metric)}</span></div>`,
    ...others.map((comparison) => duelRow(data, comparison, at, scale)),
    '</div>',
    `<p class="small">Dot: mean of the differences over the seeds that both have; bar: its 95 % paired t interval, not adjusted for the number of settings (the words above are, by Bonferroni). A bar that crosses the line cannot be told from it.</p>`,
  ].join('\n');
}

function duelRow(
  data: ReportData,
  { standing, interval }: Comparison,
  at: (value: number) => string,
  scale: number,
): string {
  const setting = data.settings[standing.setting];
  const look = toLooks(data.settings).get(standing.strategy);
  const color = look?.color ?? 'var(--soft)';
  const rest = [setting?.label, setting?.config].filter(Boolean).join(', ');
  const name = `<span class="name">${keyHtml(look)}<b>${escapeHtml(standing.strategy)}</b> <span>${escapeHtml(rest)}</span></span>`;
  const zero = `<span class="zero" style="left:${at(0)}"></span>`;
  if (interval === undefined)
    return `<div class="line">${name}<span class="track">${zero}</span><span class="numbers">no seed in common</span></div>`;
  const { low, high, mean } = interval;
  const bar =
    low === undefined || high === undefined
      ? ''
      : `<span class="span" style="left:${at(low)};right:calc(100% - ${at(high)});background:${color}"></span>` +
        [low, high]
          .map((end) => `<span class="cap" style="left:${at(end)};background:${color}"></span>`)
          .join('');
  const dot = `<span class="mean" style="left:${at(mean)};background:${color}"></span>`;
  const range =
    low === undefined || high === undefined
      ? 'one seed: no interval'
      : `${differenceText(low, scale)} to ${differenceText(high, scale)}`;
  return `<div class="line">${name}<span class="track" aria-hidden="true">${zero}${bar}${dot}</span><span class="numbers">${differenceText(mean, scale)}<span>${range}</span></span></div>`;
}
