import type { Key } from 'ink';
import { expect, test } from 'vitest';
import { toKeys } from '../../../src/dashboard/rim/keys.ts';

const NONE: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

test.each<readonly [input: string, key: Partial<Key>, keys: readonly string[]]>([
  ['j', {}, ['j']],
  ['', { downArrow: true }, ['down']],
  ['', { pageUp: true }, ['page-up']],
  ['\r', { return: true }, ['enter']],
  ['', { escape: true, meta: true }, ['escape']],
  ['', { tab: true }, ['tab']],
  ['', { tab: true, shift: true }, ['shift-tab']],
  ['c', { ctrl: true }, ['ctrl-c']],
  ['', { delete: true }, ['backspace']],
  ['x', { meta: true }, []],
  ['', { ctrl: true }, []],
  ['jj\rq', {}, ['j', 'j', 'enter', 'q']],
  ['a\u0003', {}, ['a', 'ctrl-c']],
  ['学習', {}, ['学', '習']],
])('%j with %o is the keys %j', (input, key, keys) => {
  expect(toKeys(input, { ...NONE, ...key })).toEqual(keys);
});
