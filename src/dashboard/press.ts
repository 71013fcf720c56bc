// What keys do: first those that always work, then the overlay in front, then the pane, then the keys of every pane.
// Promise: what cannot be taken back, cancelling trials and sending an agent away, is asked for by nothing but a `y` to a
// question. Pausing, resuming and trying again are done at a key; `q` ends the view and never the sweep.

import { toPlainLine } from '../domain/plain-text.ts';
import { pressAgents } from './control/choose-agent.ts';
import { send } from './control/steer.ts';
import { askForSweep, pressSweeps } from './front/choose-sweep.ts';
import { askFor, pressPrompt, promptSteers } from './front/prompt.ts';
import { scrollOn } from './front/scrolled.ts';
import { pressText } from './front/text.ts';
import { helpLines } from './frame/help.ts';
import { isCharacter, withoutLast } from './frame/text.ts';
import { change, type Command, type Effect, type Model, type Step } from './model.ts';
import type { Pane } from './pane.ts';
import { paneOf, PANES } from './panes.ts';
import { movement, moveBy } from './select.ts';

const ALWAYS: Readonly<Record<string, Effect>> = {
  'ctrl-c': { kind: 'interrupt' },
  'ctrl-z': { kind: 'suspend' },
  'ctrl-l': { kind: 'repaint' },
};

const ONLY_READS = 'this certificate may only read: steering needs one of an operator';

/** The model after a key. */
export function press(model: Model, key: string): Step {
  const step = pressed(model, key);
  return model.mayOnlyRead && steers(step) ? change(model, { notice: ONLY_READS }) : step;
}

/** Whether a step asks the coordinator for something, or the person whether to. */
function steers({ model: { overlay }, effects }: Step): boolean {
  if (overlay.kind === 'prompt') return promptSteers(overlay);
  const asks = overlay.kind === 'confirm' || overlay.kind === 'agents';
  return asks || effects.some(({ kind }) => kind === 'command');
}

function pressed(model: Model, key: string): Step {
  const always = Object.hasOwn(ALWAYS, key) ? ALWAYS[key] : undefined;
  if (always !== undefined) return { model, effects: [always] };
  const quiet = model.notice === '' ? model : { ...model, notice: '' };
  switch (quiet.overlay.kind) {
    case 'help':
      return pressHelp(quiet, quiet.overlay.top, key);
    case 'text':
      return pressText(quiet, quiet.overlay, key);
    case 'prompt':
      return pressPrompt(quiet, quiet.overlay, key);
    case 'sweeps':
      return pressSweeps(quiet, quiet.overlay.sweepId, key);
    case 'confirm':
      return pressConfirm(quiet, quiet.overlay.command, key);
    case 'agents':
      return pressAgents(quiet, quiet.overlay.agentId, key);
    case 'filter':
      return pressFilter(quiet, quiet.overlay.before, key);
    case 'none':
      return paneOf(quiet.pane).press(quiet, key) ?? pressAnywhere(quiet, key);
  }
}

function pressHelp(model: Model, top: number, key: string): Step {
  const lines = helpLines(paneOf(model.pane), model.size.columns);
  const next = scrollOn(model, lines, top, key);
  return change(model, {
    overlay: next === undefined ? { kind: 'none' } : { kind: 'help', top: next },
  });
}

function pressConfirm(model: Model, command: Command, key: string): Step {
  if (key === 'y') return send(model, command);
  const refused = ['n', 'escape', 'q'].includes(key);
  return refused ? change(model, { overlay: { kind: 'none' } }) : change(model, {});
}

function pressFilter(model: Model, before: string, key: string): Step {
  if (key === 'enter' || key === 'tab') return change(model, { overlay: { kind: 'none' } });
  if (key === 'escape') return change(model, { overlay: { kind: 'none' }, filter: before });
  if (key === 'backspace') {
    return change(model, { filter: withoutLast(model.filter) });
  }
  if (key === 'up' || key === 'down') return moveBy(model, movement(model, key) ?? 0);
  const typed = isCharacter(key) ? toPlainLine(key) : '';
  return change(model, { filter: model.filter + typed });
}

function pressAnywhere(model: Model, key: string): Step {
  switch (key) {
    case '?':
      return change(model, { overlay: { kind: 'help', top: 0 } });
    case '#':
      return askFor(model, { kind: 'trial' });
    case 'a':
      return askForSweep(model);
    case '/':
      return change(model, {
        pane: 'trials',
        overlay: { kind: 'filter', before: model.filter },
      });
    case 'q':
      return { model, effects: [{ kind: 'quit' }] };
    case 'tab':
      return turn(model, 1);
    case 'shift-tab':
      return turn(model, -1);
    default:
      return goTo(model, /^[1-9]$/.test(key) ? PANES[Number(key) - 1] : undefined);
  }
}

function turn(model: Model, by: number): Step {
  const at = PANES.findIndex(({ id }) => id === model.pane);
  return goTo(model, PANES[(at + by + PANES.length) % PANES.length]);
}

function goTo(model: Model, pane: Pane | undefined): Step {
  if (pane === undefined) return change(model, {});
  const there = change(model, { pane: pane.id });
  return pane.enter === undefined ? there : pane.enter(there.model);
}
