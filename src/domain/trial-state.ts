// Which states of a trial are final, for those who only read of it.

const OPEN: ReadonlySet<string> = new Set(['pending', 'running', 'paused']);

/** True while something may still come of a trial in this state by itself, or once a person lets it go on. */
export function isOpenState(state: string): boolean {
  return OPEN.has(state);
}
