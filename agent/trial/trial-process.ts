// One process that trains: commands in, answers out, and its end.
// Promise: every question gets exactly one answer. A process that exits, is silent too long or talks nonsense answers
// `failed`, in words, and none of its tree is left when `stop` returns.

import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Command } from '../../src/trial/protocol.ts';
import { BOUNDS } from '../../src/domain/bounds.ts';
import { toDeferred } from '../../src/domain/deferred.ts';
import { parseAnswer, toGarbage } from './answer.ts';
import { killTree, signalGroup } from './process-group.ts';
import { type ProcessSpec, startSupervised, type Supervised } from './supervisor.ts';
import type { TrialLog } from './trial-log.ts';

/** How to start a process, and what identifies its tree. */
export type TrialProcessOptions = Omit<ProcessSpec, 'logDescriptor'> & {
  readonly trialLog: TrialLog;
  readonly graceMs: number;
  readonly log: (line: string) => void;
};

/** A running trial process. */
export class TrialProcess {
  readonly log: TrialLog;
  /** Fulfilled once the process and everything it started are gone. */
  readonly gone: Promise<void>;
  readonly #supervised: Supervised;
  readonly #options: TrialProcessOptions;
  readonly #exited: Promise<void>;
  #unread = '';
  #settle: ((answer: Answer) => void) | undefined;
  #asked: Command['kind'] | undefined;
  #broken: Answer | undefined;

  /** Starts a process. Throws `EspalierError('unavailable')` when this machine cannot. */
  static async start(options: TrialProcessOptions): Promise<TrialProcess> {
    const logDescriptor = options.trialLog.descriptor;
    try {
      return new TrialProcess(await startSupervised({ ...options, logDescriptor }), options);
    } catch (error) {
      options.trialLog.close();
      throw error;
    }
  }

  private constructor(supervised: Supervised, options: TrialProcessOptions) {
    const { child, commands, answers } = supervised;
    this.log = options.trialLog;
    this.#supervised = supervised;
    this.#options = options;
    const exited = toDeferred<string>();
    const answersEnded = toDeferred<void>();
    child.once('exit', (code, signal) => exited.resolve(describeExit(code, signal)));
    answers.setEncoding('utf8');
    answers.on('data', (text: string) => this.#take(text));
    answers.once('close', () => answersEnded.resolve());
    // A broken pipe is the process's end, or is followed by the silence that the caller's limit ends.
    answers.on('error', () => undefined);
    commands.on('error', () => this.#break(`closed descriptor 3`));
    void answersEnded.promise.then(async () => this.#endUnlessExited(exited.promise));
    this.#exited = exited.promise.then(() => undefined);
    this.gone = exited.promise.then(async (how) => this.#bury(how, answersEnded.promise));
  }

  /** Whether it can still be asked. */
  get isUsable(): boolean {
    return this.#broken === undefined;
  }

  /** Sends a command; the answer is `failed` when none comes within `limitMs`. */
  async ask(command: Command, limitMs?: number): Promise<Answer> {
    if (this.#broken !== undefined) return this.#broken;
    const answer = toDeferred<Answer>();
    this.#settle = answer.resolve;
    this.#asked = command.kind;
    this.#supervised.commands.write(`${JSON.stringify(command)}\n`);
    const timer =
      limitMs === undefined ? undefined : setTimeout(() => this.#silent(limitMs), limitMs);
    try {
      return await answer.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process: politely, after the grace period by force. Returns when its whole tree is gone. */
  async stop(): Promise<void> {
    this.#break('was stopped');
    signalGroup(this.#supervised.group, 'SIGTERM');
    const end = new AbortController();
    await Promise.race([
      this.#exited,
      sleep(this.#options.graceMs, undefined, end).catch(() => undefined),
    ]);
    end.abort();
    signalGroup(this.#supervised.group, 'SIGKILL');
    await this.gone;
  }

  #take(text: string): void {
    if (this.#broken !== undefined) return;
    // Only what is new is searched: a line that comes a character at a time costs no more than one that comes whole.
    const [first = '', ...rest] = text.split('\n');
    this.#unread += first;
    for (const line of rest) {
      this.#answer(parseAnswer(this.#unread));
      this.#unread = line;
    }
    if (this.#unread.length > BOUNDS.answerCharacters) this.#answer(toGarbage(this.#unread));
  }

  #answer(answer: Answer): void {
    const settle = this.#settle;
    if (answer.kind === 'failed') this.#broken ??= answer;
    else if (settle === undefined) this.#break(`wrote ${answer.kind} without having been asked`);
    this.#settle = undefined;
    settle?.(answer);
  }

  #silent(limitMs: number): void {
    this.#break(`did not answer ${this.#asked} within ${limitMs / 1000} s`);
  }

  /** The first reason is the one that all later questions are answered with. */
  #break(what: string): void {
    this.#broken ??= { kind: 'failed', message: `the trial's process ${what}` };
    this.#settle?.(this.#broken);
    this.#settle = undefined;
  }

  async #endUnlessExited(exited: Promise<string>): Promise<void> {
    const how = await Promise.race([exited, sleep(1000, undefined, { ref: false })]);
    if (how === undefined) this.#break('closed descriptor 4');
  }

  async #bury(how: string, answersEnded: Promise<void>): Promise<void> {
    const { group, cgroup } = this.#supervised;
    await killTree({ group, cgroup, owner: this.#options.owner }, (pids) =>
      this.#options.log(
        `processes ${pids.join(', ')} of a trial cannot be killed; their slot waits`,
      ),
    );
    await Promise.race([answersEnded, sleep(1000, undefined, { ref: false })]);
    this.#break(how);
    for (const stream of this.#supervised.child.stdio) stream?.destroy();
    this.log.close();
  }
}

/** The first process of a namespace exits with 128 and the signal that has ended the trial, as shells do. */
function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  const name = signal ?? signalOf((code ?? 0) - 128);
  return name === undefined ? `exited with status ${code}` : `was killed by ${name}`;
}

function signalOf(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
}
