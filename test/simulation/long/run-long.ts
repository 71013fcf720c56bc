// Many worlds of any kind, for longer than `npm test` takes. WORLDS and STEPS say how many and how long, SEED where they begin; with
// SOAK they go on until somebody stops them. Promise: the seed of a world that fails is printed, and replays it alone.

import { liveAny, SEED } from '../live.ts';

const IS_SOAK = process.env['SOAK'] !== undefined;
const WORLDS = IS_SOAK ? Number.POSITIVE_INFINITY : Number(process.env['WORLDS'] ?? 2_000);
const STEPS = Number(process.env['STEPS'] ?? 5_000);
const SAY_MS = 30_000;

/** Runs every `parts`th world, from the `part`th on. */
export async function runLong(part: number, parts: number): Promise<void> {
  const pace = new Pace(part);
  for (let n = part; n < WORLDS; n += parts) {
    const seed = SEED + n;
    try {
      const { simulation } = await liveAny(seed, STEPS);
      pace.note(simulation.happened);
    } catch (cause) {
      const replay = `SEED=${seed} STEPS=${STEPS} WORLDS=1 npm run test:long`;
      console.log(`a world fails; replay it with ${replay}`);
      throw new Error(replay, { cause });
    }
  }
  pace.say();
}

/** How fast worlds pass. */
class Pace {
  readonly #part: number;
  readonly #began = performance.now();
  #said = performance.now();
  #worlds = 0;
  #events = 0;

  constructor(part: number) {
    this.#part = part;
  }

  note(events: number): void {
    this.#worlds += 1;
    this.#events += events;
    if (performance.now() - this.#said > SAY_MS) this.say();
  }

  say(): void {
    this.#said = performance.now();
    const minutes = (this.#said - this.#began) / 60_000;
    const [perMinute, perSecond] = [this.#worlds / minutes, this.#events / minutes / 60];
    console.log(
      `part ${this.#part + 1}: ${this.#worlds} worlds, ${this.#events} events; ${perMinute.toFixed(0)} seeds a minute, ${perSecond.toFixed(0)} events a second`,
    );
  }
}
