// Names of things: a path never has the same name twice, and agent and coordinator come to the same one.

import { expect, test } from 'vitest';
import { nextSweepId, toChildId, toRootId, toSplitId, toTrialId } from '../../src/domain/ids.ts';

test('a sweep is called as its file says, and with a number if there is one already', () => {
  const taken = new Set(['digits', 'digits-2']);
  expect(nextSweepId('other', (id) => taken.has(id))).toBe('other');
  expect(nextSweepId('digits', (id) => taken.has(id))).toBe('digits-3');
});

test('a trial is its number in the sweep, a root its first trial, with a plus if there are more', () => {
  expect(toTrialId('digits', 7)).toBe('digits/7');
  expect(toRootId('digits/7', 1)).toBe('digits/7@0');
  expect(toRootId('digits/7', 2)).toBe('digits/7+@0');
});

test('a child is called after its first trial and first epoch', () => {
  expect(toChildId('digits/1+@0', 'digits/7', 12)).toBe('digits/7@12');
  expect(toChildId('digits/7@12', 'digits/9', 40)).toBe('digits/9@40');
});

test('a family that parts at once has a child of another name than itself', () => {
  expect(toChildId('small/1+@0', 'small/1', 0)).toBe('small/1@0');
});

test('a child that would be called as its parent belongs to the next generation, and so do all behind it', () => {
  expect(toChildId('digits/7@12', 'digits/7', 12)).toBe('digits/7@12.2');
  expect(toChildId('digits/7@12', 'digits/9', 12)).toBe('digits/9@12');
  expect(toChildId('digits/7@12.2', 'digits/7', 12)).toBe('digits/7@12.3');
  expect(toChildId('digits/7@12.2', 'digits/7', 30)).toBe('digits/7@30.2');
  expect(toChildId('digits/7@12.2', 'digits/9', 12)).toBe('digits/9@12.2');
});

test('who goes on alone, after a pause or a failure, is of the next generation', () => {
  expect(toSplitId('digits/1+@0', 'digits/7', 12)).toBe('digits/7@12.2');
  expect(toSplitId('digits/7@12.2', 'digits/7', 12)).toBe('digits/7@12.3');
  expect(toSplitId('digits/7@12.9', 'digits/7', 13)).toBe('digits/7@13.10');
});

test('a sweep may have a name that looks like a generation', () => {
  expect(toSplitId('v1.2/1+@0', 'v1.2/1', 3)).toBe('v1.2/1@3.2');
  expect(toChildId('v1.2/1+@0', 'v1.2/1', 3)).toBe('v1.2/1@3');
});

test('on a path of any choices no two stages have one name', () => {
  // All paths of four steps: fork or go on alone, at the same epoch or a later one, with the first trial or without it from now on.
  const steps = [toChildId, toSplitId].flatMap((to) => [0, 1].map((later) => ({ to, later })));
  const walk = (path: readonly string[], epoch: number, least: number): void => {
    expect(new Set(path).size, path.join(' ')).toBe(path.length);
    if (path.length === 5) return;
    for (const { to, later } of steps)
      for (const member of [1, 2].filter((number) => number >= least)) {
        const id = to(path.at(-1) ?? '', `s/${member}`, epoch + later);
        walk([...path, id], epoch + later, member);
      }
  };
  walk(['s/1+@0'], 0, 1);
  walk(['s/1@0'], 0, 1);
});
