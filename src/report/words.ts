// Numbers, names and markup as the report writes them.
// Promise: text of a sweep, its module or its messages never becomes markup.

import { formatRate, formatValue } from '../dashboard/frame/number.ts';
import { toPlainLine } from '../domain/plain-text.ts';
import type { SettingData, TrialData } from './report-data.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as content or attribute of an element. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}

/** A value of the objective, `–` where there is none. */
export function valueText(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value)
    ? '–'
    : formatValue(value).replace('-', '−');
}

/** A difference with its sign; `scale` is the largest number that it stands beside. */
export function differenceText(value: number, scale: number): string {
  const text = amountText(Math.abs(value), scale);
  const isZero = Number(text) === 0;
  return isZero ? text : `${value < 0 ? '−' : '+'}${text}`;
}

/** A size to as many places as three digits of `scale` have, so that numbers side by side have the same places. */
export function amountText(size: number, scale: number): string {
  if (scale < 1e-4 || scale >= 1e6) return valueText(size);
  return size.toFixed(Math.max(0, 2 - Math.floor(Math.log10(scale))));
}

/** A field's value in a few characters. */
export function fieldText(value: unknown): string {
  if (typeof value === 'number') return formatRate(value);
  if (typeof value === 'string') return toPlainLine(value);
  return toPlainLine(JSON.stringify(value) ?? '');
}

/** `plateau lr 0.05 factor 0.5, batch_size 32`. */
export function settingText(setting: SettingData | undefined): string {
  if (setting === undefined) return '';
  const { strategy, label, config } = setting;
  const rate = [strategy, label].filter(Boolean).join(' ');
  return toPlainLine(config === '' ? rate : `${rate}, ${config}`);
}

/** A trial's name in the list, as a link to its page. */
export function trialLink({ number }: Pick<TrialData, 'number'>): string {
  return `<a href="#trial/${number}">#${number}</a>`;
}
