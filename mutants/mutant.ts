// A planted bug: what is changed, which promise that breaks, and which suite has to notice.

/** What Espalier promises, in the words of the table. */
export const PROMISES = {
  attempts: 'a stage has at most one live attempt',
  once: 'results are recorded exactly once',
  durable: 'what is acknowledged is durable, and comes back as it was',
  whole: 'a checkpoint is visible only whole',
  coordinator: "a coordinator's death stops no training",
  agent: "an agent's death kills its trials, which go on elsewhere",
  clock: 'durations are measured by a clock that never jumps',
  zombie: 'a superseded attempt changes nothing',
  same: 'same sweep, same seed, same results',
  shared: 'what is shared equals what is trained alone',
  strategies: 'strategies equal their references',
  limits: 'budgets and ends are kept',
  ends: 'every sweep ends, and nothing is left behind',
  access: 'nobody does more than they were let in for',
  hostile: 'bad input is an answer, and every queue is bounded',
} as const;

/** Where a bug has to be noticed. */
export type Suite = {
  /** A test file, from the root of the repository. */
  readonly file: string;
  /** Part of the names of the tests that are run; all of them if it is left out. */
  readonly tests?: string;
};

/** One planted bug. */
export type Mutant = {
  /** Unique; letters, digits and dashes. */
  readonly name: string;
  /** What is wrong, in words. */
  readonly bug: string;
  readonly promise: keyof typeof PROMISES;
  /** The source file, from the root of the repository. */
  readonly file: string;
  /** Text that stands exactly once in the file, and what takes its place. */
  readonly find: string;
  readonly replace: string;
  readonly suite: Suite;
  /** What the name of a failed test, with its message, has to match: the property that was broken. */
  readonly failure: RegExp;
};

/** Suites that are run at once. */
export type SuiteGroup = { readonly files: readonly string[]; readonly tests?: string };

/** The same text for the same tests. */
export function toSuiteKey({ file, tests }: Suite): string {
  return tests === undefined ? file : `${file} -t '${tests}'`;
}
