// `--with-parent`: how a daemon of `espalier run` hears of the end of the process that started it, however that one ends.

import { Option } from 'commander';

/** `--with-parent`; people have no use for it. */
export function withParentOption(): Option {
  return new Option('--with-parent', 'end when standard input ends').hideHelp();
}

/** Aborted once standard input has ended. `release` lets go of it, or the process would stay up for its sake. */
export function listenForParent(): {
  readonly gone: AbortSignal;
  readonly release: () => void;
} {
  const gone = new AbortController();
  const end = (): void => gone.abort();
  process.stdin.once('end', end).once('close', end).resume();
  return { gone: gone.signal, release: () => void process.stdin.destroy() };
}
