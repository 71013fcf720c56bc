// Commands that are proposed work when they are pasted.

import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { quote, toCoordinatorFlag, toJoinAddress, toStateFlag } from '../../src/cli/hint.ts';

test('the state folder is named unless it is the usual one', () => {
  expect(toStateFlag('.espalier')).toBe('');
  expect(toStateFlag(resolve('.espalier'))).toBe('');
  expect(toStateFlag(resolve('results'))).toBe(' --state results');
  expect(toStateFlag('/data/my runs')).toBe(" --state '/data/my runs'");
  expect(toStateFlag(join(process.cwd(), '..'))).toBe(` --state ${resolve('..')}`);
});

test('a coordinator is named where one was given', () => {
  expect(toCoordinatorFlag(undefined)).toBe('');
  expect(toCoordinatorFlag('[::1]:7700')).toBe(" --coordinator '[::1]:7700'");
});

test('a word is quoted as a shell takes it', () => {
  expect(quote("it's $HOME")).toBe(String.raw`'it'\''s $HOME'`);
  expect(quote('runs/sweep-1.yaml')).toBe('runs/sweep-1.yaml');
  expect(quote('')).toBe("''");
});

test('an address that stands for all of a machine is replaced by its name', () => {
  expect(toJoinAddress('0.0.0.0:7700', 'gpu-head')).toBe('gpu-head:7700');
  expect(toJoinAddress('[::]:7700', 'gpu-head')).toBe('gpu-head:7700');
  expect(toJoinAddress('10.0.0.0:7700', 'gpu-head')).toBe('10.0.0.0:7700');
  expect(toJoinAddress('127.0.0.1:7700', 'gpu-head')).toBe('127.0.0.1:7700');
});
