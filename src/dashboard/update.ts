// The dashboard's one way forward: a model and a message give a model and effects.
// Promise: pure and total; the list of trials is always that of the data, the order and the filter beside it,
// and so are the rows of the tree.

import { arrange } from './arrange.ts';
import { toPlainLine } from '../domain/plain-text.ts';
import { showText } from './front/text.ts';
import { change, type Message, type Model, type Step } from './model.ts';
import { press } from './press.ts';
import { receiveNear } from './near/receive-near.ts';
import { receive } from './receive.ts';
import { settle } from './select.ts';
import { settleTree } from './tree/select-row.ts';
import { toTreeRows } from './tree/tree-rows.ts';

/** The model after `message`, and what is to be done. */
export function update(model: Model, message: Message): Step {
  const { model: next, effects } = fold(model, message);
  return { model: settleTree(regrown(model, settle(model, rearranged(model, next)))), effects };
}

function fold(model: Model, message: Message): Step {
  switch (message.kind) {
    case 'watch':
      return change(receive(model, message.response), {});
    case 'near':
      return change(receiveNear(model, message.response), {});
    case 'key':
      return press(model, message.key);
    case 'resize':
      return change(model, { size: message.size });
    case 'disconnected':
      return change(model, { connection: { kind: 'lost', reason: toPlainLine(message.reason) } });
    case 'text':
      return showText({ ...model, notice: '' }, message.title, message.lines);
    case 'notice':
      return change(model, { notice: toPlainLine(message.text) });
    case 'tick':
      return change(model, { nowMs: message.nowMs });
  }
}

function rearranged(before: Model, next: Model): Model {
  const same =
    before.trials === next.trials &&
    before.sweeps === next.sweeps &&
    before.sweepId === next.sweepId &&
    before.sort === next.sort &&
    before.filter === next.filter;
  return same ? next : { ...next, rows: arrange(next) };
}

function regrown(before: Model, next: Model): Model {
  const same = before.stages === next.stages && before.sweepId === next.sweepId;
  return same ? next : { ...next, tree: toTreeRows(next.stages.values(), next.sweepId) };
}
