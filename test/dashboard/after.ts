// A model after messages, for tests that say what happened and look at what came of it.

import {
  initialModel,
  type ColourDepth,
  type Command,
  type Effect,
  type Message,
  type Model,
} from '../../src/dashboard/model.ts';
import { update } from '../../src/dashboard/update.ts';
import type {
  WatchResponse,
  WatchTrialResponse,
} from '../../src/wire/generated/espalier/v1/sweep.ts';

/** A key, or what the coordinator said. */
export type Happening = string | WatchResponse | WatchTrialResponse;

/** A model that has seen nothing yet, watching the sweep `s1`. */
export function blank(columns = 80, rows = 24, depth: ColourDepth = 'none'): Model {
  return initialModel('s1', { columns, rows }, depth);
}

/** The model after these messages; a string is a key, a response what was received. */
export function after(model: Model, ...messages: readonly Happening[]): Model {
  return messages.reduce((last, message) => update(last, toMessage(message)).model, model);
}

/** The effects of the last of these messages. */
export function effectsOf(model: Model, ...messages: readonly Happening[]): readonly Effect[] {
  const before = after(model, ...messages.slice(0, -1));
  return update(before, toMessage(messages.at(-1) ?? '')).effects;
}

/** What the coordinator is asked for after the last of these messages. */
export function asked(model: Model, ...messages: readonly Happening[]): readonly Command[] {
  return effectsOf(model, ...messages).flatMap((effect) =>
    effect.kind === 'command' ? [effect.command] : [],
  );
}

/** The keys of a text that is typed. */
export function typed(text: string): readonly string[] {
  return Array.from(text);
}

function toMessage(happening: Happening): Message {
  if (typeof happening === 'string') return { kind: 'key', key: happening };
  return 'beside' in happening
    ? { kind: 'near', response: happening }
    : { kind: 'watch', response: happening };
}
