// A real coordinator on loopback with a folder of its own, and clients for it. All is closed when the test ends.

import { createHash } from 'node:crypto';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { credentials } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import type { Limits } from '../../coordinator/core/limits.ts';
import type { RunningCoordinator } from '../../coordinator/main.ts';
import { startCoordinator } from '../../coordinator/main.ts';
import { CHANNEL_OPTIONS, protocolMetadata } from '../../src/wire/channel.ts';
import type {
  ReportRequest,
  ReportResponse,
  SessionRequest,
  SessionResponse,
} from '../../src/wire/generated/espalier/v1/agent.ts';
import { AgentServiceClient } from '../../src/wire/generated/espalier/v1/agent.ts';
import { SweepClient } from '../../src/wire/sweep-client.ts';
import { temporaryFolder } from './folder.ts';

/** A coordinator in `state`, closed when the test ends. */
export async function testCoordinator(
  state = temporaryFolder(),
  limits: Partial<Limits> = {},
): Promise<RunningCoordinator> {
  const coordinator = await startCoordinator({
    listen: { host: '127.0.0.1', port: 0 },
    state,
    insecure: false,
    limits,
    log: () => undefined,
  });
  onTestFinished(() => coordinator.close());
  return coordinator;
}

/** A client of a coordinator. */
export function testClient(coordinator: RunningCoordinator): SweepClient {
  const client = new SweepClient(coordinator.address);
  onTestFinished(() => client.close());
  return client;
}

/** The client side of the services that agents speak. */
export function agentClient(coordinator: RunningCoordinator): AgentServiceClient {
  const client = new AgentServiceClient(
    coordinator.address,
    credentials.createInsecure(),
    CHANNEL_OPTIONS,
  );
  onTestFinished(() => client.close());
  return client;
}

export const SWEEP_FILE = [
  'name: small',
  'trial: ./trial.ts',
  'objective: { metric: val_loss, mode: min }',
  'epochs: 2',
  'retries: 0',
  'sharing: off',
  'learning_rate: [{ strategy: fixed, lr: [0.1, 0.01] }]',
].join('\n');

/** Uploads a bundle and submits a small sweep. */
export async function submitSmall(
  client: SweepClient,
  sweepFile = SWEEP_FILE,
  again = false,
): ReturnType<SweepClient['submit']> {
  const code = Buffer.from('export default 1');
  const sha256 = createHash('sha256').update(code).digest('hex');
  await client.putBlob(code, sha256);
  return client.submit({
    sweepFile,
    bundle: { path: 'bundle.mjs', sha256, sizeBytes: code.byteLength },
    files: [],
    again,
  });
}

type Stream<Q, R> = ClientDuplexStream<Q, R>;

/** An agent that says what the test tells it to. */
export class ScriptedAgent {
  readonly #session: Stream<SessionRequest, SessionResponse>;
  readonly #reports: Stream<ReportRequest, ReportResponse>;
  readonly #sessionAnswers: AsyncIterator<SessionResponse>;
  readonly #reportAnswers: AsyncIterator<ReportResponse>;
  readonly #id: string;
  #sequence = 0;

  constructor(client: AgentServiceClient, id = 'agent-1') {
    this.#id = id;
    this.#session = client.session(protocolMetadata());
    this.#reports = client.report(protocolMetadata());
    this.#sessionAnswers = this.#session[Symbol.asyncIterator]();
    this.#reportAnswers = this.#reports[Symbol.asyncIterator]();
    for (const stream of [this.#session, this.#reports]) {
      stream.on('error', () => undefined);
      onTestFinished(() => stream.cancel());
    }
  }

  /** Sends a heartbeat; {@link desired} gives the answer. */
  beat(change: Partial<SessionRequest> = {}): void {
    const slots = [{ name: 'cpu0', kind: 'cpu', description: '' }];
    this.#session.write({
      agentId: this.#id,
      incarnation: '1',
      name: this.#id,
      version: '0',
      slots,
      running: [],
      draining: false,
      leaving: false,
      number: 1,
      acknowledgedSequence: 0,
      loads: [],
      ...change,
    });
  }

  /** The next answer or push. */
  async desired(): Promise<SessionResponse> {
    const { value, done } = await this.#sessionAnswers.next();
    if (done === true) throw new Error('the session ended');
    return value;
  }

  /** Reports one item and waits until it is acknowledged. */
  async report(
    stageId: string,
    attempt: number,
    item: ReportRequest['item'],
    sequence = this.#sequence + 1,
  ): Promise<ReportResponse> {
    this.#sequence = sequence;
    this.#reports.write({ agentId: this.#id, sequence, stageId, attempt, item });
    const { value, done } = await this.#reportAnswers.next();
    if (done === true) throw new Error('the report stream ended');
    return value;
  }
}

/** An epoch's report with a validation loss; the training loss stays finite, so that nothing diverges. */
export function epochReport(epoch: number, loss: number): ReportRequest['item'] {
  return {
    $case: 'epoch',
    epoch: {
      epoch,
      metrics: [
        { name: 'loss', value: 0.5 },
        { name: 'val_loss', value: loss },
      ],
      steps: 10,
      lrFirst: 0.1,
      lrLast: 0.1,
      lrLeast: 0.1,
      lrGreatest: 0.1,
      lrApplied: 0.1,
      seconds: 0.01,
    },
  };
}

/** The end of an attempt. */
export function ended(outcome: string, message = ''): ReportRequest['item'] {
  return { $case: 'ended', ended: { outcome, message } };
}

/** A coordinator with the small sweep, whose first trial has been granted to a scripted agent. */
export async function startSmall(): Promise<{ state: string; agent: ScriptedAgent }> {
  const state = temporaryFolder();
  const coordinator = await testCoordinator(state);
  await submitSmall(testClient(coordinator));
  const agent = new ScriptedAgent(agentClient(coordinator));
  agent.beat();
  await agent.desired();
  return { state, agent };
}
