// How busy a host is, from recorded words of nvidia-smi and from counters of the system.

import { expect, test } from 'vitest';
import { sumCpus, toHostLoad, toSlotLoads } from '../../../agent/device/load.ts';
import { LoadMeter } from '../../../agent/device/load-meter.ts';
import { toSlots } from '../../../agent/device/slots.ts';
import { toDeferred } from '../../../src/domain/deferred.ts';

const UUIDS = [
  'GPU-5b3e7a0d-0000-1111-2222-333344445555',
  'GPU-6c4f8b1e-0000-1111-2222-333344445555',
];
const slots = toSlots(UUIDS.map((uuid, index) => ({ index, uuid, description: 'NVIDIA A100' })));
const NOTHING = {
  busyPercent: undefined,
  memoryUsedBytes: undefined,
  memoryTotalBytes: undefined,
  temperatureCelsius: undefined,
};

test('each slot has the load of its GPU, in whatever order they are printed', () => {
  const output = `${UUIDS[1]}, 3, 425, 81920, 31\n${UUIDS[0]}, 98, 40537, 81920, 64\n`;
  expect(toSlotLoads(output, slots)).toEqual([
    {
      slot: 'gpu0',
      busyPercent: 98,
      memoryUsedBytes: 40_537 * 1024 * 1024,
      memoryTotalBytes: 80 * 1024 ** 3,
      temperatureCelsius: 64,
    },
    {
      slot: 'gpu1',
      busyPercent: 3,
      memoryUsedBytes: 425 * 1024 * 1024,
      memoryTotalBytes: 80 * 1024 ** 3,
      temperatureCelsius: 31,
    },
  ]);
});

test('what the driver does not tell is absent: in MIG mode, of shared memory, after an error', () => {
  const mig = `${UUIDS[0]}, [N/A], 12345, 81920, 40\r\n`;
  expect(toSlotLoads(mig, slots)).toMatchObject([{ slot: 'gpu0', busyPercent: undefined }]);
  const unified = `${UUIDS[0]}, 7, [N/A], [N/A], 51`;
  expect(toSlotLoads(unified, slots)).toMatchObject([
    { busyPercent: 7, memoryUsedBytes: undefined, memoryTotalBytes: undefined },
  ]);
  const broken = `${UUIDS[0]}, [Unknown Error], [Not Supported], [GPU is lost], ERR!`;
  expect(toSlotLoads(broken, slots)).toEqual([{ slot: 'gpu0', ...NOTHING }]);
});

test.each([
  '',
  'No devices were found',
  'GPU-other, 1, 2, 3, 4',
  `${UUIDS[0]?.slice(1)}, 1, 2, 3, 4`,
])('%j tells nothing of these GPUs', (output) => {
  expect(toSlotLoads(output, slots)).toEqual([]);
});

test('a CPU slot is no GPU, and an empty line no CPU slot', () => {
  expect(toSlotLoads(', 1, 2, 3, 4\n', toSlots([], 2))).toEqual([]);
});

const times = (user: number, idle: number): Parameters<typeof sumCpus>[0] => [
  { times: { user, nice: 0, sys: 10, idle, irq: 0 } },
  { times: { user: 0, nice: 5, sys: 0, idle, irq: 5 } },
];

test('the host is as busy as its CPUs were between two looks', () => {
  const memory = { freeBytes: 6e9, totalBytes: 16e9 };
  const load = toHostLoad(sumCpus(times(100, 1000)), sumCpus(times(400, 1050)), memory);
  expect(load).toMatchObject({ slot: '', busyPercent: 75, memoryUsedBytes: 10e9 });
  const same = sumCpus(times(1, 1));
  expect(toHostLoad(same, same, memory).busyPercent).toBeUndefined();
});

test('nobody waits for a look, one is under way at most, and one that fails leaves nothing old behind', async () => {
  const answers = [toDeferred<string>(), toDeferred<string>()];
  let asked = 0;
  const meter = new LoadMeter(slots, async () => answers[asked++]?.promise ?? '');
  const first = meter.look();
  await meter.look();
  expect([asked, meter.loads]).toEqual([1, []]);
  answers[0]?.resolve(`${UUIDS[0]}, 98, 1, 2, 64`);
  await first;
  expect(meter.loads.map(({ slot }) => slot)).toEqual(['', 'gpu0']);
  const second = meter.look();
  answers[1]?.reject(new Error('nvidia-smi hangs'));
  await second;
  expect(meter.loads.map(({ slot }) => slot)).toEqual(['']);
});
