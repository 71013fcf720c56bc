// Looks now and then at how busy the host is, beside everything else that the agent does.
// Promise: nobody ever waits for it, one look is under way at most, and a look that fails leaves nothing old behind.

import { execFile } from 'node:child_process';
import { cpus, freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { DeviceLoad } from '../../src/wire/generated/espalier/v1/agent.ts';
import { LOAD_QUERY, sumCpus, toHostLoad, toSlotLoads } from './load.ts';
import type { DeviceSlot } from './slots.ts';

const LIMIT_MS = 10_000;

/** Asks nvidia-smi for what {@link toSlotLoads} reads. */
export async function askNvidiaSmi(): Promise<string> {
  const options = { timeout: LIMIT_MS, killSignal: 'SIGKILL' } as const;
  return (await promisify(execFile)('nvidia-smi', LOAD_QUERY, options)).stdout;
}

/** The loads of one host, as they were at the latest look. */
export class LoadMeter {
  readonly #slots: readonly DeviceSlot[];
  readonly #ask: () => Promise<string>;
  #cpus = sumCpus(cpus());
  #loads: readonly DeviceLoad[] = [];
  #isLooking = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(slots: readonly DeviceSlot[], ask: () => Promise<string> = askNvidiaSmi) {
    this.#slots = slots;
    this.#ask = ask;
  }

  /** What the latest look saw; nothing before the first. */
  get loads(): readonly DeviceLoad[] {
    return this.#loads;
  }

  /** Looks at every interval until {@link stop}. */
  start(intervalMs: number): void {
    this.#timer = setInterval(() => void this.look(), intervalMs);
    void this.look();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks once, unless a look is under way. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const ofSlots = await this.#lookAtSlots();
    this.#loads = [this.#lookAtHost(), ...ofSlots];
    this.#isLooking = false;
  }

  #lookAtHost(): DeviceLoad {
    const [before, after] = [this.#cpus, sumCpus(cpus())];
    this.#cpus = after;
    return toHostLoad(before, after, { freeBytes: freemem(), totalBytes: totalmem() });
  }

  async #lookAtSlots(): Promise<readonly DeviceLoad[]> {
    if (this.#slots.every(({ kind }) => kind !== 'gpu')) return [];
    return this.#ask().then(
      (output) => toSlotLoads(output, this.#slots),
      () => [],
    );
  }
}
