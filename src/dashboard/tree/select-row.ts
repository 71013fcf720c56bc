// The selection in the tree.
// Promise: the selection is a row of the tree while it has any, it stays with its stage, and it is on the screen.

import { listRows } from '../layout.ts';
import { change, type Model, type Step } from '../model.ts';
import { movementIn, moveIn, scrollTo } from '../window.ts';
import type { TreeRow } from './tree-rows.ts';

/** `model` with its selection and scrolling made good. */
export function settleTree(model: Model): Model {
  return placeAt(model, Math.max(0, selectedIndex(model)));
}

/** The model after a key of movement; undefined if it is none. */
export function moveInTree(model: Model, key: string): Step | undefined {
  const count = model.tree.length;
  const by = movementIn(key, count, listRows(model.size));
  if (by === undefined) return undefined;
  return change(placeAt(model, moveIn(selectedIndex(model), by, count)), {});
}

/** The selected row. */
export function selectedRow(model: Model): TreeRow | undefined {
  return model.tree[selectedIndex(model)];
}

function selectedIndex({ tree, treeKey }: Model): number {
  return tree.findIndex(({ key }) => key === treeKey);
}

function placeAt(model: Model, index: number): Model {
  const { tree, treeTop, size } = model;
  return {
    ...model,
    treeKey: tree[index]?.key ?? '',
    treeTop: scrollTo(treeTop, index, tree.length, listRows(size)),
  };
}
