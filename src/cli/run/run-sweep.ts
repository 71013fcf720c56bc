// One sweep on one machine, from the file to the leaderboard.

import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { toDeferred } from '../../domain/deferred.ts';
import { EspalierError, toExitStatus } from '../../domain/errors.ts';
import type { PreparedSubmission } from '../../submission/prepare-submission.ts';
import { prepareSubmission } from '../../submission/prepare-submission.ts';
import { submit } from '../../submission/submit.ts';
import { readAddress, readCoordinator, statePaths } from '../../storage/state-folder.ts';
import { SweepClient } from '../../wire/sweep-client.ts';
import { canDraw } from '../can-draw.ts';
import { quote, toStateFlag } from '../hint.ts';
import type { TimeoutOptions } from '../options.ts';
import { print } from '../output.ts';
import { checkOwnStrategies } from '../check-own-strategies.ts';
import { testLines } from '../plan/test-lines.ts';
import { Daemon } from './daemon.ts';
import { printOutcome } from './outcome.ts';

export type RunOptions = TimeoutOptions & {
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
  await checkOwnStrategies(prepared);
  const daemons: Daemon[] = [];
  const again = `espalier run ${quote(file)}${toStateFlag(options.state)}`;
  const interruption = new Interruption(again);
  try {
    const coordinator = startCoordinator(options);
    daemons.push(coordinator);
    const address = await waitForAddress(options.state, coordinator);
    const sweepId = await submitSweep(address, prepared, options.again ?? false);
    const agent = startAgent(options, address);
    daemons.unshift(agent);
    interruption.drains(agent);
    void agent.over.then(() => interruption.end());
    await Promise.race([
      follow(sweepId, address, options, interruption),
      failWith(agent),
      failWith(coordinator),
    ]);
    await stopAll(daemons);
    const { isOver, failed } = printOutcome(sweepId, options.state);
    if (!isOver) throw new EspalierError('interrupted', `interrupted: ${again} goes on from here`);
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
  return new Daemon({ name: 'coordinator', args, note: print });
}

function startAgent(options: RunOptions, address: string): Daemon {
  const { state, slots, openTimeout, epochTimeout } = options;
  const extra = Object.entries({
    '--slots': slots,
    '--open-timeout': openTimeout,
    '--epoch-timeout': epochTimeout,
  }).flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
  return new Daemon({
    name: 'agent',
    args: () => ['agent', '--coordinator', address, '--state', state, ...extra],
    note: print,
  });
}

async function waitForAddress(state: string, coordinator: Daemon): Promise<string> {
  const over = new AbortController();
  try {
    return await Promise.race([
      pollAddress(state, coordinator, over.signal),
      failWith(coordinator),
    ]);
  } finally {
    over.abort();
  }
}

async function pollAddress(
  state: string,
  coordinator: Daemon,
  signal: AbortSignal,
): Promise<string> {
  for (let waitedMs = 0; waitedMs < START_MS; waitedMs += POLL_MS) {
    const found = readCoordinator(state);
    // In a container a coordinator that was killed may have had the same process id.
    if (
      found !== undefined &&
      found.pid === coordinator.pid &&
      found.startedMs >= coordinator.startedMs
    )
      return found.address;
    await sleep(POLL_MS, undefined, { signal });
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
    print(`${sweepId}: ${trials} trials, ${what}`);
    if (!existing) for (const line of testLines(prepared.spec)) print(line);
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
    const status = await draw(sweepId, address, interruption);
    if (interruption.isOver || (await hasEnded(sweepId, address))) return;
    if (status === toExitStatus('interrupted')) interruption.request();
    else print('the sweep goes on; Ctrl-C stops it');
  }
  await followPlainly(sweepId, address, interruption);
}

function draw(sweepId: string, address: string, { drained }: Interruption): Promise<number> {
  const [program = ''] = process.argv.slice(1);
  const child = spawn(
    process.execPath,
    [program, 'watch', sweepId, '--coordinator', address, '--until-ended'],
    { stdio: 'inherit' },
  );
  // Nothing is trained any more: the view has to give the terminal back.
  void drained.then(() => child.kill('SIGTERM'));
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
    await runPlain({ source, sweepId, untilEnded: true, write: print, signal: ending.signal });
  } finally {
    client.close();
  }
}

async function stopAll(daemons: readonly Daemon[]): Promise<void> {
  for (const daemon of daemons) await daemon.stop();
}

/** Ctrl-C: the first drains the agent, the second stops what still trains. */
class Interruption {
  /** True once the agent has ended, or nobody waits for it any more. */
  isOver = false;
  readonly #again: string;
  readonly #drained = toDeferred<void>();
  #agent: Daemon | undefined;
  #count = 0;
  readonly #onSignal = (): void => this.request();

  /** `again` is the command that goes on later. */
  constructor(again: string) {
    this.#again = again;
    process.on('SIGINT', this.#onSignal).on('SIGTERM', this.#onSignal);
  }

  /** Resolves when the agent has ended after an interruption, or with {@link end}. */
  get drained(): Promise<void> {
    return this.#drained.promise;
  }

  /** From now on an interruption drains this agent. */
  drains(agent: Daemon): void {
    this.#agent = agent;
    if (this.#count > 0) this.#pass();
  }

  request(): void {
    this.#count += 1;
    if (this.#count === 1)
      print(`finishing what trains now; Ctrl-C again stops at once; ${this.#again} goes on later`);
    this.#pass();
  }

  /** Lets go of whoever waits for the drain. */
  end(): void {
    this.isOver = true;
    this.#drained.resolve();
  }

  close(): void {
    process.off('SIGINT', this.#onSignal).off('SIGTERM', this.#onSignal);
  }

  #pass(): void {
    if (this.#agent === undefined) return;
    this.#agent.signal('SIGTERM');
    void this.#agent.over.then(
      () => this.end(),
      () => this.end(),
    );
  }
}
