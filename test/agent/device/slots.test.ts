import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { toSlots } from '../../../agent/device/slots.ts';

const GPUS = [
  { index: 0, uuid: 'GPU-a', description: 'A' },
  { index: 3, uuid: 'GPU-b', description: 'B' },
];

test('a host with GPUs offers one slot for each, isolated by its UUID, and nothing else', () => {
  expect(toSlots(GPUS)).toEqual([
    { name: 'gpu0', kind: 'gpu', description: 'A', visibleDevices: 'GPU-a' },
    { name: 'gpu3', kind: 'gpu', description: 'B', visibleDevices: 'GPU-b' },
  ]);
});

test('CPU slots that are asked for come besides, and see no GPU', () => {
  const cpu = toSlots(GPUS, 1).at(-1);
  expect(cpu).toMatchObject({ name: 'cpu0', kind: 'cpu', visibleDevices: '' });
});

test('a host without GPUs offers half its cores, at least one', () => {
  expect(toSlots([]).length).toBe(Math.max(1, Math.floor(availableParallelism() / 2)));
});

test.each([0, -1, 1.5, Number.NaN])('%d CPU slots and no GPU are refused', (slots) => {
  expect(() => toSlots([], slots)).toThrow(/at least one slot/);
});
