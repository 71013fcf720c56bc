// One trial's page: what it was, what it came to, its path through the stage tree, its numbers epoch by epoch.

import { formatDuration, formatRate } from '../../dashboard/frame/number.ts';
import { isOpenState } from '../../domain/trial-state.ts';
import type { ReportData, TrialData } from '../report-data.ts';
import { escapeHtml, fieldText, settingText, trialLink, valueText } from '../words.ts';
import { stateTag } from './trial-table.ts';

const EPOCHS = 400;

/** The page; its plot is drawn into the element with the id `plot-trial`. */
export function trialPageHtml(data: ReportData, trial: TrialData): string {
  const setting = data.settings[trial.setting];
  const name = `${data.sweep.name}/${trial.number}`;
  return [
    '<p class="screen"><a href="#trials">← all trials</a></p>',
    `<h1>${escapeHtml(name)}</h1>`,
    `<p>${stateTag(trial.state)} ${escapeHtml(settingText(setting))}, seed ${trial.seed}</p>`,
    ...(trial.message === '' ? [] : [`<pre class="message">${escapeHtml(trial.message)}</pre>`]),
    factsHtml(data, trial),
    '<h2>Curves</h2><div class="plot live" id="plot-trial"></div><p class="note" id="note-trial"></p>',
    '<h2>Path through the stage tree</h2>',
    pathHtml(data, trial),
    '<h2>Epochs</h2>',
    epochsHtml(trial),
    `<h2>At the command line</h2><pre>espalier show ${escapeHtml(name)}\nespalier logs ${escapeHtml(name)}\nespalier verify ${escapeHtml(data.sweep.name)} ${trial.number}</pre>`,
  ].join('\n');
}

function factsHtml(data: ReportData, trial: TrialData): string {
  const setting = data.settings[trial.setting];
  const { metric } = data.sweep;
  const siblings = data.trials.filter(
    ({ setting: other, number }) => other === trial.setting && number !== trial.number,
  );
  const equals = equalsOf(data, trial);
  const facts: (readonly [string, string])[] = [
    [
      `best ${metric}`,
      trial.best === null
        ? '–'
        : `${valueText(trial.best)} after epoch ${(trial.bestEpoch ?? 0) + 1}`,
    ],
    [`last ${metric}`, typeof trial.last === 'string' ? trial.last : valueText(trial.last)],
    [
      'epochs',
      `${trial.done} of ${setting?.epochs ?? 0}${trial.done > 0 ? `, ${formatDuration(trial.seconds * 1000)} of training` : ''}`,
    ],
    ['learning rate', [setting?.strategy ?? '', ...fieldsOf(setting?.fields)].join(', ')],
    ['config', fieldsOf(setting?.configFields).join(', ') || 'none'],
  ];
  const links: (readonly [string, string])[] = [
    ['other seeds', siblings.slice(0, 20).map(trialLink).join(' ')],
    [
      'equal to',
      equals.length === 0
        ? ''
        : `${equals.slice(0, 20).map(trialLink).join(' ')}: the same training, done once`,
    ],
  ];
  return `<dl class="facts">${facts.map(([name, text]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(text)}</dd>`).join('')}${links
    .filter(([, html]) => html !== '')
    .map(([name, html]) => `<dt>${name}</dt><dd>${html}</dd>`)
    .join('')}</dl>`;
}

/** Trials that have ended with all of their training in common. */
function equalsOf({ trials }: ReportData, trial: TrialData): readonly TrialData[] {
  const end = trial.path.at(-1);
  if (isOpenState(trial.state) || trial.done === 0) return [];
  return trials.filter(
    (other) =>
      other.number !== trial.number &&
      other.path.at(-1) === end &&
      other.done === trial.done &&
      !isOpenState(other.state),
  );
}

function fieldsOf(fields: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  return Object.entries(fields ?? {}).map(([name, value]) => `${name} ${fieldText(value)}`);
}

function pathHtml({ stages, trials }: ReportData, { path }: TrialData): string {
  const parts = path.flatMap((place) => {
    const stage = stages[place];
    if (stage === undefined || stage.recorded === 0) return [];
    const members = trials.filter((other) => other.path.includes(place)).length;
    const company = members === 1 ? 'alone' : `shared by ${members} trials`;
    const again = stage.repeated > 0 ? `, ${stage.repeated} repeated` : '';
    const doubt = stage.reproducible ? '' : ' <span class="tag failed">not reproducible</span>';
    return `<li><code>${escapeHtml(stage.id)}</code> epochs ${stage.from + 1} to ${stage.from + stage.recorded}, ${company}${again}${doubt}</li>`;
  });
  return parts.length === 0 ? '<p class="note">No epoch yet.</p>' : `<ol>${parts.join('')}</ol>`;
}

function epochsHtml({ curves }: TrialData): string {
  const names = Object.keys(curves.metrics);
  const count = Math.max(0, ...Object.values(curves.metrics).map(({ length }) => length));
  if (count === 0) return '<p class="note">No epoch yet.</p>';
  const isThinned = curves.epochs !== undefined;
  const rows = Array.from({ length: Math.min(count, EPOCHS) }, (_, i) => {
    const values = names.map((name) => curves.metrics[name]?.[i]);
    const cells = values.map((value) => (typeof value === 'string' ? value : valueText(value)));
    const rate = isThinned ? [] : [formatRate(rateAt(curves.rates, i))];
    return cellsHtml('td', [String(curves.epochs?.[i] ?? i + 1), ...rate, ...cells]);
  });
  const heads = ['epoch', ...(isThinned ? [] : ['first learning rate']), ...names];
  const left = isThinned || count > EPOCHS;
  const note = left ? '<p class="note">Some epochs are left out; all are in the database.</p>' : '';
  return `<div class="scroll"><table><thead>${cellsHtml('th', heads)}</thead><tbody>${rows.join('')}</tbody></table></div>${note}`;
}

function cellsHtml(tag: 'td' | 'th', texts: readonly string[]): string {
  return `<tr>${texts.map((text) => `<${tag} class="n">${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
}

/** The learning rate with which a 0-based epoch began, from points over epochs, of which level ones are left out. */
export function rateAt(rates: readonly number[], epoch: number): number {
  let rate = Number.NaN;
  for (let i = 0; i + 1 < rates.length && (rates[i] ?? 0) <= epoch; i += 2)
    rate = rates[i + 1] ?? Number.NaN;
  return rate;
}
