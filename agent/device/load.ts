// How busy this host's GPUs, CPUs and memory are, for people who watch.
// Promise: what the driver does not tell, such as the use of a GPU in MIG mode, is absent; it is never a zero. Written from
// nvidia-smi's documented output; it was not run on a GPU.

import type { CpuInfo } from 'node:os';
import type { DeviceLoad } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { DeviceSlot } from './slots.ts';

/** The arguments whose output {@link toSlotLoads} reads. */
export const LOAD_QUERY = [
  '--query-gpu=uuid,utilization.gpu,memory.used,memory.total,temperature.gpu',
  '--format=csv,noheader,nounits',
] as const;

const MIB = 1024 * 1024;

/** The loads of those slots whose GPU is in the output. */
export function toSlotLoads(output: string, slots: readonly DeviceSlot[]): readonly DeviceLoad[] {
  const lines = output.split('\n').map((line) => line.split(',').map((field) => field.trim()));
  return slots.flatMap(({ name, visibleDevices }) => {
    const fields = lines.find(([uuid]) => visibleDevices !== '' && uuid === visibleDevices);
    return fields === undefined ? [] : [toLoad(name, fields)];
  });
}

function toLoad(slot: string, [, busy, used, total, temperature]: readonly string[]): DeviceLoad {
  return {
    slot,
    busyPercent: toPercent(toCount(busy)),
    memoryUsedBytes: toBytes(toCount(used)),
    memoryTotalBytes: toBytes(toCount(total)),
    temperatureCelsius: toCount(temperature),
  };
}

/** Whole numbers alone: `[N/A]`, `[Not Supported]` and `[Unknown Error]` say nothing. */
function toCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function toBytes(mebibytes: number | undefined): number | undefined {
  return mebibytes === undefined ? undefined : mebibytes * MIB;
}

function toPercent(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.min(100, value);
}

/** Milliseconds that all CPUs have spent since the host started. */
export type CpuTimes = { readonly busyMs: number; readonly allMs: number };

/** The sum over all CPUs. */
export function sumCpus(cpus: readonly Pick<CpuInfo, 'times'>[]): CpuTimes {
  let [busyMs, allMs] = [0, 0];
  for (const { times } of cpus) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    allMs += all;
    busyMs += all - times.idle;
  }
  return { busyMs, allMs };
}

/** The host between two looks at its CPUs; without time between them nothing is known of the CPUs. */
export function toHostLoad(
  before: CpuTimes,
  after: CpuTimes,
  memory: { readonly freeBytes: number; readonly totalBytes: number },
): DeviceLoad {
  const passedMs = after.allMs - before.allMs;
  const share = (after.busyMs - before.busyMs) / passedMs;
  return {
    slot: '',
    busyPercent: passedMs > 0 ? Math.round(100 * Math.min(1, Math.max(0, share))) : undefined,
    memoryUsedBytes: memory.totalBytes - memory.freeBytes,
    memoryTotalBytes: memory.totalBytes,
    temperatureCelsius: undefined,
  };
}
