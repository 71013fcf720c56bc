// Counts the steps and epochs of a training for a strategy, over one `fit` or several.
// Promise: a step has the number that it has in the whole training; where that cannot be known, an error says what to give.

import { EspalierError } from '../domain/errors.ts';
import type { Strategy } from '../lr/strategy.ts';
import type { Fit } from './fit.ts';

/** Lengths that the user gave; each of the two may be absent. */
export type GivenLength = { readonly stepsPerEpoch?: number; readonly epochs?: number };

/** Words for every given length that is no whole number above 0. */
export function checkLength({ stepsPerEpoch, epochs }: GivenLength): readonly string[] {
  return Object.entries({ stepsPerEpoch, epochs }).flatMap(([name, value]) =>
    value === undefined || (Number.isSafeInteger(value) && value > 0)
      ? []
      : [`${name}: received ${value}; it must be a whole number above 0`],
  );
}

/** Where a training stands. Steps and epochs are 0-based and counted over the whole training. */
export class RunLength {
  readonly #given: GivenLength;
  #epochs = 0;
  #stepsPerEpoch: number | undefined;
  #step = 0;
  #epoch = 0;
  #stepsOfEpoch: number | undefined;

  constructor(given: GivenLength) {
    this.#given = given;
  }

  /** A call of `fit` begins. */
  begin(fit: Fit): void {
    const { stepsPerEpoch, epochs } = this.#given;
    if (stepsPerEpoch !== undefined && (fit.stepsPerEpoch ?? stepsPerEpoch) !== stepsPerEpoch) {
      throw invalid(
        `stepsPerEpoch: received ${stepsPerEpoch}, but fit takes ${fit.stepsPerEpoch} steps an epoch; leave the option out`,
      );
    }
    this.#stepsPerEpoch = stepsPerEpoch ?? fit.stepsPerEpoch;
    this.#epochs = epochs ?? fit.epochs ?? 1;
    this.#stepsOfEpoch = undefined;
  }

  /** Starts a strategy at the beginning of the 0-based `epoch`. */
  start(strategy: Strategy, epoch: number): unknown {
    this.#epoch = epoch;
    this.#step = this.#toFirstStep(epoch);
    this.#stepsOfEpoch = 0;
    const epochs = this.#epochs;
    if (this.#stepsPerEpoch === undefined) return startWithout(strategy, epochs);
    return strategy.start({ stepsPerEpoch: this.#stepsPerEpoch, epochs });
  }

  #toFirstStep(epoch: number): number {
    if (epoch === 0) return 0;
    if (this.#stepsPerEpoch !== undefined) return epoch * this.#stepsPerEpoch;
    throw invalid(
      `training begins at epoch ${epoch}, and how many steps came before is not known: give the option stepsPerEpoch`,
    );
  }

  /** Another epoch begins: the one before must have been as long as was said. */
  nextEpoch(epoch: number): void {
    const had = this.#stepsOfEpoch;
    const said = this.#stepsPerEpoch;
    if (had !== undefined && said !== undefined && had !== said) {
      throw invalid(
        `epoch ${epoch - 1} had ${had} steps, but ${said} steps an epoch were said; mend stepsPerEpoch`,
      );
    }
    this.#stepsOfEpoch = 0;
  }

  /** The number of the step that is about to be made. */
  nextStep(): number {
    const had = this.#stepsOfEpoch ?? 0;
    if (had === this.#stepsPerEpoch) {
      throw invalid(
        `an epoch goes beyond the ${had} steps that were said to be all; mend stepsPerEpoch`,
      );
    }
    this.#stepsOfEpoch = had + 1;
    this.#step += 1;
    return this.#step - 1;
  }

  /** The number of the epoch that has just been trained. */
  endEpoch(): number {
    this.#epoch += 1;
    return this.#epoch - 1;
  }
}

/** Starts a strategy that does not care how long an epoch is: any length gives the same state. */
function startWithout(strategy: Strategy, epochs: number): unknown {
  const [state, other] = [97, 1009].map((stepsPerEpoch) =>
    strategy.start({ stepsPerEpoch, epochs }),
  );
  if (JSON.stringify(state) === JSON.stringify(other)) return state;
  throw invalid(
    'the strategy needs to know how many steps an epoch has, and the dataset does not know its size: ' +
      'give the option stepsPerEpoch, or batchesPerEpoch to fitDataset',
  );
}

function invalid(message: string): EspalierError {
  return new EspalierError('invalid', message);
}
