// The stages that a family would train, and the least and the most epochs in them. Promise: memory grows with the number of
// stages, which is below twice the number of trials, never with their epochs.

/** Stages by number, a parent before its children. Known ones are trained whatever the metrics; the others are guesses. */
export class StageTree {
  readonly root = 0;
  readonly #parents: number[] = [0];
  readonly #starts: number[] = [0];
  readonly #ends: number[] = [0];
  readonly #known: boolean[] = [true];
  /** By stage, the last epoch of the trials that nobody can foresee behind its end; 0 if there are none. */
  readonly #unknown: number[] = [0];

  /** A new stage behind `parent` from the 0-based `epoch` on; returns its number. */
  add(parent: number, epoch: number, isKnown: boolean): number {
    this.#starts.push(epoch);
    this.#ends.push(epoch);
    this.#known.push(isKnown);
    this.#unknown.push(0);
    return this.#parents.push(parent) - 1;
  }

  /** Ends a stage before the 0-based `epoch`. */
  end(stage: number, epoch: number): void {
    this.#ends[stage] = epoch;
  }

  /** Notes that trials of up to `epochs` epochs cannot be foreseen behind the end of a known stage. */
  leaveUnknown(stage: number, epochs: number): void {
    this.#unknown[stage] = Math.max(this.#unknown[stage] ?? 0, epochs);
  }

  /** Epochs of all stages. */
  get most(): number {
    return this.#parents.reduce((sum, _, stage) => sum + this.#length(stage), 0);
  }

  /**
   * Epochs of the known stages, and of those epochs of other trials that no stage behind the same beginning can stand in
   * for: two trials that wait for the same stand-in are in different branches, so none is counted twice.
   */
  least(): number {
    const tallest = [...this.#ends];
    let sum = 0;
    for (let stage = this.#parents.length - 1; stage >= 0; stage -= 1) {
      if (this.#known[stage] !== true) continue;
      const covered = tallest[stage] ?? 0;
      const reached = Math.max(covered, this.#unknown[stage] ?? 0);
      sum += this.#length(stage) + reached - covered;
      const parent = this.#parents[stage] ?? 0;
      tallest[parent] = Math.max(tallest[parent] ?? 0, reached);
    }
    return sum;
  }

  /**
   * Forks at which a checkpoint is needed: training parts there after its first epoch. The least is the number of stages with
   * two known ones behind them: those part whatever the metrics. The rest of the most: a trial that goes on behind a known stage
   * in a way that nobody can foresee parts from all others once at most, and the first of them need not part where nothing
   * known goes on behind that stage.
   */
  forks(): { readonly least: number; readonly most: number } {
    const known = this.#parents.map(() => 0);
    const guessed = this.#parents.map(() => 0);
    let [least, more] = [0, 0];
    for (let stage = this.#parents.length - 1; stage >= 0; stage -= 1) {
      const parent = this.#parents[stage] ?? 0;
      const [sure, unsure] = [known[stage] ?? 0, guessed[stage] ?? 0];
      if (this.#known[stage] !== true) {
        guessed[parent] = (guessed[parent] ?? 0) + Math.max(1, unsure);
        continue;
      }
      if (sure > 1 && (this.#ends[stage] ?? 0) > 0) least += 1;
      if (unsure > 0) more += unsure - (sure === 0 ? 1 : 0);
      if (stage !== this.root) known[parent] = (known[parent] ?? 0) + 1;
    }
    return { least, most: least + more };
  }

  #length(stage: number): number {
    return (this.#ends[stage] ?? 0) - (this.#starts[stage] ?? 0);
  }
}
