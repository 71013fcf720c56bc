// What a person can ask of trials that are there, and the words in which the answer is told.
// Promise: the command line and the dashboard say the same, and say so too where nothing was changed.

/** What can be asked of a sweep or of one of its trials. */
export type Verb = 'pause' | 'resume' | 'retry' | 'cancel';

type Words = {
  /** Of the one trial that was asked for, and of several of a sweep. */
  readonly one: string;
  readonly many: string;
  /** Why nothing changed: of one trial, and of a whole sweep. */
  readonly not: string;
  readonly none: string;
};

const WORDS: Readonly<Record<Verb, Words>> = {
  pause: {
    one: 'paused from the end of its epoch on',
    many: 'paused, those that train from the end of their epoch on',
    not: 'it has ended or is paused already',
    none: 'all trials have ended or are paused already',
  },
  resume: {
    one: 'goes on when a slot is free',
    many: 'resumed, each goes on when a slot is free',
    not: 'it was not paused',
    none: 'no trial was paused',
  },
  retry: {
    one: 'tried again, after its last recorded epoch',
    many: 'tried again, each after its last recorded epoch',
    not: 'it has not failed',
    none: 'no trial has failed',
  },
  cancel: {
    one: 'cancelled',
    many: 'cancelled',
    not: 'it had ended already',
    none: 'all trials had ended already',
  },
};

type Done = Verb | 'drain' | 'prioritise' | 'clone';

const DOING: Readonly<Record<Done, string>> = {
  pause: 'pausing',
  resume: 'resuming',
  retry: 'retrying',
  cancel: 'cancelling',
  drain: 'draining',
  prioritise: 'changing the priority',
  clone: 'cloning',
};

const DONE: Readonly<Record<Done, string>> = {
  pause: 'paused',
  resume: 'resumed',
  retry: 'retried',
  cancel: 'cancelled',
  drain: 'drained',
  prioritise: 'given another priority',
  clone: 'cloned',
};

/** `pausing`: what is said while the answer is awaited. */
export function toDoing(verb: Done): string {
  return DOING[verb];
}

/** `paused`: what has been done where it succeeds. */
export function toDone(verb: Done): string {
  return DONE[verb];
}

/** What came of asking for `subject`, a trial or a sweep, when `trials` trials were changed. */
export function toAnswer(
  verb: Verb,
  target: 'trial' | 'sweep',
  subject: string,
  trials: number,
): string {
  const { one, many, not, none } = WORDS[verb];
  if (trials === 0) return `${subject}: nothing changed, ${target === 'trial' ? not : none}`;
  return `${subject}: ${target === 'trial' ? one : `${toTrials(trials)} ${many}`}`;
}

/** What comes of draining `agent`, which ran `trials` trials. */
export function toDrainAnswer(agent: string, trials: number): string {
  const what = trials === 0 ? 'what it runs' : `what it runs (${toTrials(trials)})`;
  return `${agent}: hands over ${what}, then leaves`;
}

/** What came of giving `subject` a priority that concerns `trials` trials. */
export function toPriorityAnswer(
  target: 'trial' | 'sweep',
  subject: string,
  priority: number,
  trials: number,
): string {
  if (trials === 0)
    return `${subject}: nothing changed, it had priority ${priority} already or has nothing left to train`;
  const before = target === 'trial' ? 'trials of its sweep' : 'sweeps';
  return `${subject}: priority ${priority}; free slots go to ${before} with a higher one first`;
}

/** What came of cloning `from` into `made`. */
export function toCloneAnswer(from: string, made: string): string {
  return `${made}: cloned from ${from}, goes on when a slot is free`;
}

function toTrials(count: number): string {
  return count === 1 ? '1 trial' : `${count} trials`;
}
