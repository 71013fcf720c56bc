// What has been of a trial, from what is on record of it. Pure: the same rows give the same reasons, with a coordinator or without.

import type { AskedRecord, AttemptRecord, TrialRecord } from '../results/trial-record.ts';
import { findCuts } from './cuts.ts';
import type { NowReason, PastReason } from './reason.ts';

/** Lines of output at most, and what people asked for at most. */
const LINES_MOST = 12;
const ASKED_MOST = 8;
const ATTEMPTS_MOST = 40;
const NAMED_MOST = 16;

/** In the order in which it came to be; what it wrote last is last. */
export function explainRecord(record: TrialRecord): readonly PastReason[] {
  const { trial, turns, equals } = record;
  const asked = sinceItIsThere(record);
  const cloned = asked.flatMap(toCloned);
  const { submitted_ms: atMs, ended_ms: endedAtMs } = trial;
  const events: readonly PastReason[] = [
    ...(cloned.length > 0 ? cloned : [{ kind: 'submitted', atMs } as const]),
    ...asked.flatMap((row) => toAsked(row, trial.trial_id)).slice(-ASKED_MOST),
    ...turns.flatMap((row) => toParted(row, record)),
    ...explainShared(record),
    ...explainCuts(record),
    ...record.attempts.slice(-ATTEMPTS_MOST).map(toAttempt),
    ...(equals.length === 0
      ? []
      : [{ kind: 'equals', trials: equals, atMs: endedAtMs ?? 0 } as const]),
  ];
  return [...events.toSorted((a, b) => timeOf(a) - timeOf(b)), ...explainOutput(record)];
}

/** What was asked of the sweep before a clone was made concerns others. */
function sinceItIsThere({ asked }: TrialRecord): readonly AskedRecord[] {
  return asked.slice(
    Math.max(
      0,
      asked.findIndex(({ kind }) => kind === 'trial-cloned'),
    ),
  );
}

/** How a trial stands on record, where nobody can say more of it. */
export function explainState({ trial, asked }: TrialRecord): readonly NowReason[] {
  const { state, epochs_done: epochs, epochs: of, message, ended_ms: atMs } = trial;
  if (!isOpen(state)) return [{ kind: 'ended', state, epochs, of, message, atMs }];
  return [{ kind: 'as-recorded', state, epoch: epochs }, ...toPriority(asked)];
}

function toPriority(asked: TrialRecord['asked']): readonly NowReason[] {
  const row = asked.findLast(({ kind }) => kind === 'trial-prioritised');
  const priority = Number(toBody(row?.body_json ?? '{}')['priority'] ?? 0);
  return row === undefined || priority === 0
    ? []
    : [{ kind: 'priority', priority, atMs: row.at_ms }];
}

/** With the times that only the record knows. */
export function withTimes(
  reasons: readonly NowReason[],
  record: TrialRecord,
): readonly NowReason[] {
  return reasons.map((reason) =>
    'atMs' in reason ? { ...reason, atMs: whenOf(reason, record) } : reason,
  );
}

type Timed = Extract<NowReason, { readonly atMs: number | null }>;

function whenOf(reason: Timed, record: TrialRecord): number | null {
  const { trial, attempts, asked, turns } = record;
  switch (reason.kind) {
    case 'ended':
      return trial.ended_ms;
    case 'back-off':
      return attempts.at(-1)?.ended_ms ?? null;
    case 'pausing':
      return whenAsked(record, 'paused');
    case 'paused':
      return whenPaused(record);
    case 'priority':
      return asked.findLast(({ kind }) => kind === 'trial-prioritised')?.at_ms ?? null;
    case 'not-reproducible':
      return (
        turns.find(({ kind, subject }) => kind === 'epoch-repeated' && subject === reason.stageId)
          ?.at_ms ?? null
      );
  }
}

/** When its stage stopped for it, or when it was asked for of one that waited. */
function whenPaused(record: TrialRecord): number | null {
  const came = record.turns.findLast(({ kind }) => kind !== 'epoch-repeated')?.at_ms ?? 0;
  const latest = Math.max(came, whenAsked(record, 'paused') ?? 0);
  return latest === 0 ? null : latest;
}

function whenAsked({ asked }: TrialRecord, what: string): number | null {
  const row = asked.findLast(
    ({ kind, body_json }) => kind === 'person-asked' && toBody(body_json)['what'] === what,
  );
  return row?.at_ms ?? null;
}

/** What took a time is told where it began. */
function timeOf(reason: PastReason): number {
  return ('grantedAtMs' in reason ? reason.grantedAtMs : reason.atMs) ?? 0;
}

type Body = Readonly<Record<string, unknown>>;

function toBody(json: string): Body {
  return JSON.parse(json);
}

function toCloned({ at_ms: atMs, kind, body_json }: AskedRecord): readonly PastReason[] {
  if (kind !== 'trial-cloned') return [];
  const body = toBody(body_json);
  const changes = Array.isArray(body['changes']) ? body['changes'].map(String) : [];
  const [fromTrialId, shared] = [String(body['fromTrialId']), Number(body['epochs'] ?? 0)];
  return [{ kind: 'cloned', fromTrialId, changes, shared, atMs, by: by(body) }];
}

function toAsked(
  { at_ms: atMs, kind, subject, body_json }: AskedRecord,
  trialId: string,
): readonly PastReason[] {
  if (kind === 'trial-cloned') return [];
  const body = toBody(body_json);
  const what =
    kind === 'person-asked' ? String(body['what']) : `given priority ${Number(body['priority'])}`;
  return [{ kind: 'asked', what, isWhole: subject !== trialId, atMs, by: by(body) }];
}

function by({ by: who }: Body): string | null {
  return typeof who === 'string' ? who : null;
}

/** Where the trial itself went on in one of the children, and others did not. */
function toParted(
  { at_ms: atMs, kind, subject: stageId, body_json }: AskedRecord,
  { stages }: TrialRecord,
): readonly PastReason[] {
  const { epoch, children } = toBody(body_json);
  const classes = Array.isArray(children) ? children.length : 0;
  const isOwn = stages.some((stage) => stage.stage_id === stageId && stage.to_epoch === epoch);
  if (kind !== 'stage-forked' || classes < 2 || !isOwn) return [];
  return [{ kind: 'parted', stageId, epoch: Number(epoch), classes, atMs }];
}

function explainShared({ stages }: TrialRecord): readonly PastReason[] {
  return stages
    .filter(({ others, from_epoch, to_epoch }) => others.length > 0 && to_epoch > from_epoch)
    .map(
      ({ stage_id: stageId, from_epoch: fromEpoch, to_epoch: toEpoch, recorded_ms, others }) => ({
        kind: 'shared',
        stageId,
        fromEpoch,
        toEpoch,
        with: others.slice(0, NAMED_MOST),
        withCount: others.length,
        atMs: recorded_ms ?? 0,
      }),
    );
}

function explainCuts({ trial, followed, stepsPerEpoch }: TrialRecord): readonly PastReason[] {
  const byEpoch = new Map(followed.map(({ epoch, value }) => [epoch, value]));
  const values = Array.from({ length: trial.epochs_done }, (_, epoch) => byEpoch.get(epoch));
  const spec = JSON.parse(trial.strategy_json);
  const cuts = followed.length === 0 ? [] : findCuts(spec, values, stepsPerEpoch ?? 1);
  // One after the last epoch trains nothing.
  const times = new Map(followed.map(({ epoch, at_ms }) => [epoch, at_ms]));
  return cuts
    .filter(({ epoch }) => epoch < trial.epochs)
    .map((cut) => ({ ...cut, atMs: times.get(cut.epoch - 1) ?? 0 }));
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
  const atMs = attempts.at(-1)?.ended_ms ?? null;
  return [{ kind: 'last-output', stageId, attempt, lines: lines.slice(-LINES_MOST), atMs }];
}

function isOpen(state: string): boolean {
  return state === 'pending' || state === 'running' || state === 'paused';
}
