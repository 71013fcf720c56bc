// The service that agents speak: heartbeats against desired assignments, reports against acknowledgements.

import type { ServerDuplexStream } from '@grpc/grpc-js';
import { EspalierError } from '../../src/domain/errors.ts';
import type {
  AgentServiceServer,
  Assignment,
  ReportRequest,
  ReportResponse,
  SessionRequest,
  SessionResponse,
  StaleAttempt,
} from '../../src/wire/generated/espalier/v1/agent.ts';
import type { DesiredAttempt } from '../core/desired.ts';
import { desiredFor } from '../core/desired.ts';
import type { Fact } from '../core/fact.ts';
import type { Loop } from '../loop.ts';
import type { Store } from '../store/store.ts';
import type { Fail } from './handler.ts';
import { downloading, talking } from './handler.ts';
import { send } from './send.ts';
import { toHeartbeat, toReport } from './to-event.ts';

type SessionStream = ServerDuplexStream<SessionRequest, SessionResponse>;
type ReportStream = ServerDuplexStream<ReportRequest, ReportResponse>;

/** Reports that one agent may have under way before it is read further. */
const IN_FLIGHT_MOST = 1_000;

/** Handlers of AgentService. */
export function createAgentService(
  loop: Loop,
  store: Store,
  lostMs: number,
  fail: Fail,
): AgentServiceServer {
  return {
    session: talking(fail, (call) => serveSession(call, loop, lostMs)),
    report: talking(fail, (call) => serveReports(call, loop)),
    getHistory: downloading(fail, async (call) => {
      if (!loop.state.stages.has(call.request.stageId))
        throw new EspalierError('not-found', `no stage ${call.request.stageId.slice(0, 200)}`);
      for (const { epoch, metrics } of store.history(call.request.stageId)) {
        const list = Object.entries(metrics).map(([name, value]) => ({ name, value }));
        if (!(await send(call, { epoch, metrics: list }))) return;
      }
    }),
  };
}

async function serveSession(call: SessionStream, loop: Loop, lostMs: number): Promise<void> {
  const messages: AsyncIterable<SessionRequest> = call;
  let agentId: string | undefined;
  let told: unknown;
  const tell = (): void => {
    if (agentId === undefined || call.destroyed) return;
    told = loop.state.leasesOf.get(agentId);
    call.write({ assignments: desiredFor(loop.state, agentId).map(toAssignment), lostMs });
  };
  const unsubscribe = loop.onCommit(() => {
    // Leases are replaced, never changed: another map means other leases. Before the first answer there is nothing to change.
    if (agentId !== undefined && told !== undefined && loop.state.leasesOf.get(agentId) !== told)
      tell();
  });
  try {
    for await (const message of messages) {
      const heartbeat = toHeartbeat(message);
      agentId ??= heartbeat.agentId;
      if (agentId !== heartbeat.agentId)
        throw new EspalierError('invalid', 'a session is of one agent');
      await loop.post(heartbeat);
      tell();
    }
  } finally {
    unsubscribe();
  }
}

async function serveReports(call: ReportStream, loop: Loop): Promise<void> {
  const messages: AsyncIterable<ReportRequest> = call;
  let inFlight = 0;
  let acknowledged = 0;
  let stale: StaleAttempt[] = [];
  let isTelling = false;
  const tell = (): void => {
    if (isTelling) return;
    isTelling = true;
    // One acknowledgement for all reports of a commit.
    queueMicrotask(() => {
      isTelling = false;
      if (!call.destroyed) call.write({ acknowledgedSequence: acknowledged, stale });
      stale = [];
    });
  };
  const settle = (
    report: { sequence: number; stageId: string; attempt: number },
    facts: readonly Fact[],
  ): void => {
    inFlight -= 1;
    acknowledged = report.sequence;
    if (facts.some((fact) => fact.kind === 'report-taken' && fact.isStale)) {
      stale.push({ stageId: report.stageId, attempt: report.attempt });
    }
    tell();
  };
  for await (const message of messages) {
    const report = toReport(message);
    inFlight += 1;
    const committed = loop.post(report).then((facts) => settle(report, facts));
    if (inFlight >= IN_FLIGHT_MOST) await committed;
  }
}

function toAssignment({ slot, stage, sweep, members }: DesiredAttempt): Assignment {
  const first = members[0];
  return {
    stageId: stage.id,
    attempt: stage.attempt,
    slot,
    sweepId: sweep.id,
    bundleSha256: sweep.bundle.sha256,
    files: [...sweep.files],
    configJson: JSON.stringify(first?.config ?? {}),
    seed: first?.seed ?? 0,
    fromEpoch: stage.fromEpoch,
    members: members.map((trial) => ({
      trialId: trial.id,
      strategyJson: JSON.stringify(trial.strategy),
      epochs: trial.epochs,
    })),
    backends: [...sweep.spec.backends],
    objective: { metric: sweep.spec.objective.metric, mode: sweep.spec.objective.mode },
    recordedEpochs: stage.recordedEpochs,
  };
}
