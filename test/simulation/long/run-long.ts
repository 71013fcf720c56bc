// Many worlds of any kind, for longer than `npm test` takes, in as many processes as there are cores. WORLDS and STEPS say how many and how
// long, SEED where they begin; with SOAK they go on until somebody stops them.
// Promise: the seed of each world that fails is printed, and replays it alone.

import { fork } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { SEED } from '../live.ts';
import type { Share, Told } from './deal.ts';

const ROOT = join(import.meta.dirname, '../../..');
const WORLDS = Number(process.env['WORLDS'] ?? 2_000);
const STEPS = Number(process.env['STEPS'] ?? 5_000);
const END = process.env['SOAK'] === undefined ? SEED + WORLDS : Number.MAX_SAFE_INTEGER;
const SAY_MS = 30_000;

/** Runs all worlds. @throws Error with what replays those that failed */
export async function runLong(): Promise<void> {
  const folder = join(ROOT, `dist/simulation-${process.pid}`);
  try {
    const script = await bundle(folder);
    const pace = new Pace();
    const parts = Math.min(availableParallelism(), Math.max(1, END - SEED));
    const shares = Array.from({ length: parts }, (_, part): Share => ({
      first: SEED + part,
      parts,
      end: END,
      steps: STEPS,
    }));
    await Promise.all(
      shares.map(async (share) => runShare(script, share, (told) => pace.note(told))),
    );
    pace.say();
    if (pace.failed.length > 0) throw new Error(pace.failed.map(toReplay).join('\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One script, which runs twice as fast as modules that are transformed one by one. */
async function bundle(folder: string): Promise<string> {
  const outfile = join(folder, 'process.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'process.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
  });
  cpSync(join(ROOT, 'coordinator/store/schema'), join(folder, 'schema'), { recursive: true });
  return outfile;
}

async function runShare(script: string, share: Share, note: (told: Told) => void): Promise<void> {
  const child = fork(script, [JSON.stringify(share)], { execArgv: ['--enable-source-maps'] });
  child.on('message', (told) => note(told as Told));
  const status = await new Promise((resolve, reject) =>
    child.once('exit', resolve).once('error', reject),
  );
  if (status !== 0) throw new Error(`a process of the simulation ended with ${String(status)}`);
}

function toReplay(seed: number): string {
  return `SEED=${seed} STEPS=${STEPS} WORLDS=1 npm run test:long`;
}

/** How fast worlds pass, and which have failed. */
class Pace {
  readonly failed: number[] = [];
  readonly #began = performance.now();
  #said = performance.now();
  #worlds = 0;
  #events = 0;

  note({ seed, events, failure }: Told): void {
    this.#worlds += 1;
    this.#events += events;
    if (failure !== undefined) {
      this.failed.push(seed);
      console.log(`a world fails; replay it with ${toReplay(seed)}\n${failure}`);
    }
    if (performance.now() - this.#said > SAY_MS) this.say();
  }

  say(): void {
    this.#said = performance.now();
    const minutes = (this.#said - this.#began) / 60_000;
    const [perMinute, perSecond] = [this.#worlds / minutes, this.#events / minutes / 60];
    console.log(
      `${this.#worlds} worlds, ${this.#events} events, ${this.failed.length} failed, in ${minutes.toFixed(1)} min; ${perMinute.toFixed(0)} seeds a minute, ${perSecond.toFixed(0)} events a second`,
    );
  }
}
