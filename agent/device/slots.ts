// What this host offers: one slot for each GPU, or slots that share the CPU.
// Promise: a trial sees the GPU of its slot and no other; on a CPU slot it sees none.

import { execFile } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { promisify } from 'node:util';
import { EspalierError } from '../../src/domain/errors.ts';
import { type Gpu, parseGpus, QUERY } from './nvidia-smi.ts';

const QUERY_LIMIT_MS = 10_000;

/** A slot, and what its trials find in CUDA_VISIBLE_DEVICES. */
export type DeviceSlot = {
  readonly name: string;
  readonly kind: 'gpu' | 'cpu';
  readonly description: string;
  readonly visibleDevices: string;
};

/** The GPUs that nvidia-smi names; none where it is absent, fails or hangs. */
export async function findGpus(): Promise<readonly Gpu[]> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', QUERY, {
      timeout: QUERY_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    return parseGpus(stdout);
  } catch {
    return [];
  }
}

/**
 * The slots of a host with these GPUs. CPU slots are offered where `cpuSlots` asks for them, and where there is no GPU: then half
 * the cores, at least one. Throws `EspalierError('usage')` when that leaves nothing to offer.
 */
export function toSlots(gpus: readonly Gpu[], cpuSlots?: number): readonly DeviceSlot[] {
  const ofCpu = cpuSlots ?? (gpus.length > 0 ? 0 : Math.max(1, availableParallelism() >> 1));
  if (!Number.isInteger(ofCpu) || ofCpu < 0 || gpus.length + ofCpu === 0) {
    throw new EspalierError(
      'usage',
      `an agent offers at least one slot; ${ofCpu} CPU slots on a host with ${gpus.length} GPUs are none`,
    );
  }
  return [...gpus.map(toGpuSlot), ...Array.from({ length: ofCpu }, (_, index) => toCpuSlot(index))];
}

function toGpuSlot({ index, uuid, description }: Gpu): DeviceSlot {
  return { name: `gpu${index}`, kind: 'gpu', description, visibleDevices: uuid };
}

function toCpuSlot(index: number): DeviceSlot {
  const description = cpus()[0]?.model.trim() ?? '';
  return { name: `cpu${index}`, kind: 'cpu', description, visibleDevices: '' };
}
