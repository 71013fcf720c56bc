// What the filters say, and which trials they let through.

import type { ReportData, TrialData } from '../report-data.ts';
import { settingText } from '../words.ts';

/** Strategies that are shown, a state or any, and words that all have to occur. */
type Filters = {
  readonly strategies: ReadonlySet<string>;
  readonly state: string;
  readonly words: readonly string[];
};

/** The form as filters. */
export function readFilters(form: HTMLFormElement | null): Filters {
  const values = new FormData(form ?? undefined);
  const text = (name: string): string => {
    const value = values.get(name);
    return typeof value === 'string' ? value : '';
  };
  return {
    strategies: new Set(values.getAll('strategy').map(String)),
    state: text('state'),
    words: text('text').toLowerCase().split(/\s+/).filter(Boolean),
  };
}

/** The trials that all filters let through, in their order. */
export function select(
  { trials, settings }: ReportData,
  { strategies, state, words }: Filters,
): readonly TrialData[] {
  const texts = settings.map((setting) => settingText(setting).toLowerCase());
  return trials.filter((trial) => {
    const { setting, number, seed } = trial;
    if (!strategies.has(settings[setting]?.strategy ?? '')) return false;
    if (state !== '' && trial.state !== state) return false;
    const text = `#${number} ${texts[setting] ?? ''}, seed ${seed} ${trial.state}`;
    return words.every((word) => text.includes(word));
  });
}

/** Calls `refresh` once the form has been reset. */
export function clearOnReset(form: HTMLFormElement, refresh: () => void): void {
  // The event comes before the fields change.
  form.addEventListener('reset', () => queueMicrotask(() => requestAnimationFrame(refresh)));
}
