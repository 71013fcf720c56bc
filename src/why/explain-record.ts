// What has been of a trial, from what is on record of it. Pure: the same rows give the same reasons, with a coordinator or without.

import type { AskedRecord, AttemptRecord, TrialRecord } from '../results/trial-record.ts';
import { findCuts } from './cuts.ts';
import type { NowReason, PastReason } from './reason.ts';

/** Lines of output at most, and what people asked for at most. */
const LINES_MOST = 12;
const ASKED_MOST = 8;
const ATTEMPTS_MOST = 40;
const NAMED_MOST = 16;

/** In the order in which people want to know: what it is equal to, what was asked, how it was trained, how that ended. */
export function explainRecord(record: TrialRecord): readonly PastReason[] {
  const { trial, asked, equals } = record;
  return [
    ...asked.flatMap(toCloned),
    ...asked.flatMap((row) => toAsked(row, trial.trial_id)).slice(-ASKED_MOST),
    ...(equals.length === 0 ? [] : [{ kind: 'equals', trials: equals } as const]),
    ...explainShared(record),
    ...explainCuts(record),
    ...record.attempts.slice(-ATTEMPTS_MOST).map(toAttempt),
    ...explainOutput(record),
  ];
}

/** How a trial stands on record, where nobody can say more of it. */
export function explainState({ trial }: TrialRecord): NowReason {
  const { state, epochs_done: epochs, epochs: of, message } = trial;
  return isOpen(state)
    ? { kind: 'as-recorded', state, epoch: epochs }
    : { kind: 'ended', state, epochs, of, message };
}

/** Since when the attempt runs that is not over. */
export function sinceWhen({ attempts }: TrialRecord): number | null {
  return attempts.findLast(({ ended_ms }) => ended_ms === null)?.granted_ms ?? null;
}

type Body = Readonly<Record<string, unknown>>;

function toCloned({ at_ms: atMs, kind, body_json }: AskedRecord): readonly PastReason[] {
  if (kind !== 'trial-cloned') return [];
  const body: Body = JSON.parse(body_json);
  const changes = Array.isArray(body['changes']) ? body['changes'].map(String) : [];
  return [
    { kind: 'cloned', fromTrialId: String(body['fromTrialId']), changes, atMs, by: by(body) },
  ];
}

function toAsked(
  { at_ms: atMs, kind, subject, body_json }: AskedRecord,
  trialId: string,
): readonly PastReason[] {
  if (kind !== 'person-asked') return [];
  const body: Body = JSON.parse(body_json);
  const what = String(body['what']);
  return [{ kind: 'asked', what, isWhole: subject !== trialId, atMs, by: by(body) }];
}

function by({ by: who }: Body): string | null {
  return typeof who === 'string' ? who : null;
}

function explainShared({ stages }: TrialRecord): readonly PastReason[] {
  return stages
    .filter(({ others, from_epoch, to_epoch }) => others.length > 0 && to_epoch > from_epoch)
    .map(({ stage_id: stageId, from_epoch: fromEpoch, to_epoch: toEpoch, others }) => ({
      kind: 'shared',
      stageId,
      fromEpoch,
      toEpoch,
      with: others.slice(0, NAMED_MOST),
      withCount: others.length,
    }));
}

function explainCuts({ trial, followed, stepsPerEpoch }: TrialRecord): readonly PastReason[] {
  const byEpoch = new Map(followed.map(({ epoch, value }) => [epoch, value]));
  const values = Array.from({ length: trial.epochs_done }, (_, epoch) => byEpoch.get(epoch));
  const spec = JSON.parse(trial.strategy_json);
  const cuts = followed.length === 0 ? [] : findCuts(spec, values, stepsPerEpoch ?? 1);
  // One after the last epoch trains nothing.
  return cuts.filter(({ epoch }) => epoch < trial.epochs);
}

function toAttempt(row: AttemptRecord): PastReason {
  return {
    kind: 'attempt',
    stageId: row.stage_id,
    attempt: row.attempt,
    place: `${row.agent}:${row.slot}`,
    grantedAtMs: row.granted_ms,
    endedAtMs: row.ended_ms,
    end: row.end,
    message: row.message ?? '',
    fromStageId: row.start_stage_id,
    fromEpoch: row.start_epoch ?? 0,
  };
}

/** Only where something went wrong is it wanted. */
function explainOutput({ trial, attempts, output }: TrialRecord): readonly PastReason[] {
  const wentWrong =
    trial.state === 'failed' ||
    trial.state === 'diverged' ||
    (isOpen(trial.state) && attempts.at(-1)?.end === 'failed');
  if (output === null || !wentWrong) return [];
  const text = new TextDecoder().decode(output.data);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const { stage_id: stageId, attempt } = output;
  return [{ kind: 'last-output', stageId, attempt, lines: lines.slice(-LINES_MOST) }];
}

function isOpen(state: string): boolean {
  return state === 'pending' || state === 'running' || state === 'paused';
}
