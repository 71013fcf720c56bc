// A question whose answer is typed. A new one is a kind of `Prompt` in the model and an entry of `PROMPTS`.
// Promise: what is typed is one clean line; Esc and an empty answer do nothing.

import { toPlainLine } from '../../domain/plain-text.ts';
import { isCharacter, withoutLast } from '../frame/text.ts';
import { change, type Model, type Overlay, type Prompt, type Step } from '../model.ts';
import { cloneTrial } from '../control/clone.ts';
import { goToNumber } from '../select.ts';

type Asked<K> = Extract<Prompt, { kind: K }>;

/** How a kind of prompt is put, what comes of its answer, and whether that steers what is trained. */
type Asking<K> = {
  readonly title: (model: Model, prompt: Asked<K>) => string;
  readonly hint: string;
  readonly steers: boolean;
  readonly submit: (model: Model, prompt: Asked<K>, value: string) => Step;
};

const PROMPTS: { readonly [K in Prompt['kind']]: Asking<K> } = {
  trial: {
    title: () => 'go to trial #',
    hint: 'its number',
    steers: false,
    submit: (model, _, value) => goToNumber(model, value),
  },
  clone: {
    title: ({ trials }, { trialId }) => `clone #${trials.get(trialId)?.number ?? ''} with `,
    hint: 'name=value …',
    steers: true,
    submit: (model, { trialId }, value) => cloneTrial(model, trialId, value),
  },
};

/** A prompt that is open. */
export type OpenPrompt = Extract<Overlay, { kind: 'prompt' }>;

/** Asks; `value` is what stands there already. */
export function askFor(model: Model, prompt: Prompt, value = ''): Step {
  return change(model, { overlay: { kind: 'prompt', prompt, value } });
}

/** The model after a key. */
export function pressPrompt(model: Model, open: OpenPrompt, key: string): Step {
  const closed: Model = { ...model, overlay: { kind: 'none' } };
  switch (key) {
    case 'escape':
      return change(closed, {});
    case 'enter':
      return open.value.trim() === '' ? change(closed, {}) : submit(closed, open);
    case 'backspace':
      return change(model, { overlay: { ...open, value: withoutLast(open.value) } });
    default:
      return change(model, { overlay: { ...open, value: open.value + typedIn(key) } });
  }
}

/** The question, and what a person may type. */
export function promptTexts(model: Model, { prompt }: OpenPrompt): readonly [string, string] {
  const { title, hint } = askingOf(prompt);
  return [title(model, prompt), hint];
}

/** Whether the answer steers what is trained. */
export function promptSteers({ prompt }: OpenPrompt): boolean {
  return askingOf(prompt).steers;
}

function submit(model: Model, { prompt, value }: OpenPrompt): Step {
  return askingOf(prompt).submit(model, prompt, value.trim());
}

function askingOf<K extends Prompt['kind']>({ kind }: { readonly kind: K }): Asking<K> {
  return PROMPTS[kind];
}

function typedIn(key: string): string {
  return isCharacter(key) ? toPlainLine(key) : '';
}
