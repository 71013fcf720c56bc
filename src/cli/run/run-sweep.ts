// One sweep on one machine, from the file to the leaderboard.

import { spawn } from 'node:child_process';
import { EspalierError, toExitStatus } from '../../domain/errors.ts';
import type { PreparedSubmission } from '../../submission/prepare-submission.ts';
import { prepareSubmission } from '../../submission/prepare-submission.ts';
import { submit } from '../../submission/submit.ts';
import { readAddress, readPid, statePaths } from '../../storage/state-folder.ts';
import { SweepClient } from '../../wire/sweep-client.ts';
import { canDraw } from '../can-draw.ts';
import { Daemon } from './daemon.ts';
import { printOutcome } from './outcome.ts';

export type RunOptions = {
  readonly state: string;
  readonly slots?: number;
  readonly again?: true;
  readonly plain?: true;
};

const START_MS = 30_000;
const POLL_MS = 20;

/**
 * Runs a sweep to its end and prints what came out. Run again after an interruption it goes on.
 * @throws EspalierError `invalid` for a bad file, `trials-failed` if some failed, `interrupted` after Ctrl-C
 */
export async function runSweep(file: string, options: RunOptions): Promise<void> {
  const prepared = await prepareSubmission(file);
  const daemons: Daemon[] = [];
  const interruption = new Interruption();
  try {
    const coordinator = startCoordinator(options);
    daemons.push(coordinator);
    const address = await Promise.race([
      waitForAddress(options.state, coordinator),
      failWith(coordinator),
    ]);
    const sweepId = await submitSweep(address, prepared, options.again ?? false);
    const agent = startAgent(options, address);
    daemons.unshift(agent);
    interruption.drains(agent, file);
    await Promise.race([
      follow(sweepId, address, options, interruption),
      failWith(agent),
      failWith(coordinator),
    ]);
    await stopAll(daemons);
    const { isOver, failed } = printOutcome(sweepId, options.state);
    if (!isOver)
      throw new EspalierError('interrupted', `interrupted: espalier run ${file} goes on from here`);
    if (failed > 0) throw new EspalierError('trials-failed', '');
  } finally {
    interruption.close();
    interruption.end();
    await stopAll(daemons);
  }
}

function startCoordinator({ state }: RunOptions): Daemon {
  // Started again it keeps its port, so that the agent finds it.
  const listen = (isRestart: boolean): string =>
    (isRestart ? readAddress(state) : undefined) ?? '127.0.0.1:0';
  const args = (isRestart: boolean): readonly string[] => [
    'coordinator',
    '--state',
    state,
    '--listen',
    listen(isRestart),
  ];
  return new Daemon({ name: 'coordinator', args, note: say });
}

function startAgent({ state, slots }: RunOptions, address: string): Daemon {
  const extra = slots === undefined ? [] : ['--slots', String(slots)];
  return new Daemon({
    name: 'agent',
    args: () => ['agent', '--coordinator', address, '--state', state, ...extra],
    note: say,
  });
}

async function waitForAddress(state: string, coordinator: Daemon): Promise<string> {
  for (let waitedMs = 0; waitedMs < START_MS; waitedMs += POLL_MS) {
    const address = readPid(state) === coordinator.pid ? readAddress(state) : undefined;
    if (address !== undefined) return address;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new EspalierError(
    'unavailable',
    `the coordinator did not start within ${START_MS / 1000} s: see ${statePaths(state).log}`,
  );
}

async function failWith(daemon: Daemon): Promise<never> {
  await daemon.over;
  return new Promise(() => undefined);
}

async function submitSweep(
  address: string,
  prepared: PreparedSubmission,
  again: boolean,
): Promise<string> {
  const client = new SweepClient(address);
  try {
    const { sweepId, trials, existing, state } = await submit(client, prepared, again);
    const what = existing
      ? state === 'running'
        ? 'goes on'
        : `is ${state} already; --again trains it anew`
      : 'submitted';
    say(`${sweepId}: ${trials} trials, ${what}`);
    return sweepId;
  } finally {
    client.close();
  }
}

/** Shows the sweep until it has ended or the agent has drained. */
async function follow(
  sweepId: string,
  address: string,
  options: RunOptions,
  interruption: Interruption,
): Promise<void> {
  if (!options.plain && canDraw()) {
    const status = await draw(sweepId, address);
    if (await hasEnded(sweepId, address)) return;
    if (status === toExitStatus('interrupted')) interruption.request();
    else say('the sweep goes on; Ctrl-C stops it');
  }
  await followPlainly(sweepId, address, interruption);
}

function draw(sweepId: string, address: string): Promise<number> {
  const [program = ''] = process.argv.slice(1);
  const child = spawn(
    process.execPath,
    [program, 'watch', sweepId, '--coordinator', address, '--until-ended'],
    { stdio: 'inherit' },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (status) => resolve(status ?? 1));
  });
}

async function hasEnded(sweepId: string, address: string): Promise<boolean> {
  const client = new SweepClient(address);
  try {
    for await (const { sweeps } of client.watch({ sweepId, trialId: '' }))
      return sweeps[0]?.state !== 'running';
    return false;
  } finally {
    client.close();
  }
}

async function followPlainly(
  sweepId: string,
  address: string,
  interruption: Interruption,
): Promise<void> {
  const { runPlain } = await import('../../dashboard/plain.ts');
  const client = new SweepClient(address);
  const ending = new AbortController();
  void interruption.drained.then(() => ending.abort());
  try {
    const source = {
      open: (request: { sweepId: string; trialId: string }) => client.watch(request),
    };
    await runPlain({ source, sweepId, untilEnded: true, write: say, signal: ending.signal });
  } finally {
    client.close();
  }
}

async function stopAll(daemons: readonly Daemon[]): Promise<void> {
  for (const daemon of daemons) await daemon.stop();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Ctrl-C: the first drains the agent, the second stops what still trains. */
class Interruption {
  readonly drained: Promise<void>;
  #settle: () => void = () => undefined;
  #agent: Daemon | undefined;
  #file = '';
  #count = 0;
  readonly #onSignal = (): void => this.request();

  constructor() {
    this.drained = new Promise((resolve) => (this.#settle = resolve));
    process.on('SIGINT', this.#onSignal).on('SIGTERM', this.#onSignal);
  }

  /** From now on an interruption drains this agent. */
  drains(agent: Daemon, file: string): void {
    this.#agent = agent;
    this.#file = file;
    if (this.#count > 0) this.#pass();
  }

  request(): void {
    this.#count += 1;
    if (this.#count === 1)
      say(
        `finishing what trains now; Ctrl-C again stops at once; espalier run ${this.#file} goes on later`,
      );
    this.#pass();
  }

  /** Lets go of whoever waits for the drain. */
  end(): void {
    this.#settle();
  }

  close(): void {
    process.off('SIGINT', this.#onSignal).off('SIGTERM', this.#onSignal);
  }

  #pass(): void {
    if (this.#agent === undefined) return;
    this.#agent.signal('SIGTERM');
    void this.#agent.over.then(this.#settle, this.#settle);
  }
}
