// Who has uploaded which files lately. Promise: what one has uploaded, another does not get removed.

/** Files that are remembered; those that came first are forgotten first, and then nobody's. */
const FILES_MOST = 100_000;

/** Uploaders by the hash of the file. */
export class Uploaders {
  readonly #of = new Map<string, string>();

  /** A file has come from somebody; undefined for anybody. */
  note(sha256: string, who: string | undefined): void {
    this.#of.delete(sha256);
    this.#of.set(sha256, who ?? '');
    const [oldest] = this.#of.keys();
    if (this.#of.size > FILES_MOST && oldest !== undefined) this.#of.delete(oldest);
  }

  /** Whether the file came from nobody else. */
  isOf(sha256: string, who: string | undefined): boolean {
    return this.#of.get(sha256) === (who ?? '');
  }
}
