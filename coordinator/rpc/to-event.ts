// Messages of agents as events. Total: what cannot be right becomes a failed attempt or an EspalierError, never a crash.

import type { Metrics } from '../../src/domain/objective.ts';
import { EspalierError } from '../../src/domain/errors.ts';
import { isInnerPath, isSha256 } from '../../src/domain/names.ts';
import { FILES_MOST, fitsMessage, toManifestId } from '../../src/storage/manifest.ts';
import type {
  Checkpoint,
  EpochReport,
  Metric,
  RatesFound,
  ReportRequest,
  RunningAttempt,
  SessionRequest,
  StageForked,
} from '../../src/wire/generated/espalier/v1/agent.ts';
import { type Find, findFindingProblem, toFinding } from '../../src/lr/find.ts';
import type { AttemptRef, Heartbeat, Report, ReportItem } from '../core/event.ts';
import type { FoundRate, MissingRate, Slot } from '../core/model.ts';

const NAME_MOST = 200;
const TEXT_MOST = 8_192;
const SLOTS_MOST = 256;
const RUNNING_MOST = 10_000;
/** Numbers rise by one: an agent that claims more than these is not to be believed. */
const ATTEMPT_MOST = 1_000_000_000;
const METRICS_MOST = 256;
const RATES_MOST = 1000;
const OUTCOMES = ['completed', 'diverged', 'failed', 'lost', 'released'] as const;

/** @throws EspalierError `invalid` for an agent that does not say properly who it is */
export function toHeartbeat(message: SessionRequest): Heartbeat {
  const { agentId, incarnation, draining, leaving } = message;
  assertName('agent_id', agentId);
  assertName('incarnation', incarnation);
  if (message.slots.length > SLOTS_MOST)
    throw new EspalierError('invalid', `an agent offers at most ${SLOTS_MOST} slots`);
  // Those that are over and not acknowledged are among them.
  if (message.running.length > RUNNING_MOST)
    throw new EspalierError('invalid', `an agent runs at most ${RUNNING_MOST} attempts`);
  const name = message.name.slice(0, NAME_MOST);
  const version = message.version.slice(0, NAME_MOST);
  return {
    kind: 'heartbeat',
    agentId,
    incarnation,
    name,
    version,
    draining,
    leaving,
    slots: message.slots.map(toSlot),
    acknowledged: message.acknowledgedSequence,
    running: message.running.map(toAttemptRef),
  };
}

/** @throws EspalierError `invalid` for a report that names nothing */
export function toReport(message: ReportRequest): Report {
  const { agentId, sequence, stageId, attempt } = message;
  assertName('agent_id', agentId);
  return { kind: 'reported', agentId, sequence, stageId, attempt, item: toItem(message) };
}

function toAttemptRef({ stageId, attempt }: RunningAttempt): AttemptRef {
  assertName('stage_id', stageId);
  if (attempt <= ATTEMPT_MOST) return { stageId, attempt };
  throw new EspalierError('invalid', `attempt ${attempt} of ${stageId}: at most ${ATTEMPT_MOST}`);
}

function toSlot(slot: SessionRequest['slots'][number]): Slot {
  assertName('slot', slot.name);
  return {
    name: slot.name,
    kind: slot.kind === 'gpu' ? 'gpu' : 'cpu',
    description: slot.description.slice(0, NAME_MOST),
  };
}

function toItem({ item }: ReportRequest): ReportItem {
  switch (item?.$case) {
    case 'opened': {
      const { stepsPerEpoch, backend, numerics } = item.opened;
      if (stepsPerEpoch < 1) return failed('an epoch has no steps: is the training data empty?');
      return {
        kind: 'opened',
        stepsPerEpoch,
        backend: backend.slice(0, NAME_MOST),
        numerics: numerics.slice(0, NAME_MOST),
      };
    }
    case 'epoch':
      return toEpoch(item.epoch);
    case 'series':
      return { kind: 'series', ...item.series };
    case 'log':
      return { kind: 'log', ...item.log };
    case 'ended': {
      const outcome = OUTCOMES.find((known) => known === item.ended.outcome);
      const message = item.ended.message.slice(0, TEXT_MOST);
      return outcome === undefined
        ? failed(`unknown outcome ${item.ended.outcome.slice(0, NAME_MOST)}`)
        : { kind: 'ended', outcome, message };
    }
    case 'checkpoint':
      return toCheckpoint(item.checkpoint);
    case 'forked':
      return toForked(item.forked);
    case 'rates':
      return toRates(item.rates);
    case undefined:
      return failed('the agent sent a report of a kind that this coordinator does not know');
  }
}

/** A report of a checkpoint; a failed attempt where the manifest cannot be right. */
export function toCheckpoint({ checkpointId: id, epoch, files }: Checkpoint): ReportItem {
  const wrong = files.find(({ path, sha256 }) => !isInnerPath(path) || !isSha256(sha256));
  if (wrong !== undefined)
    return failed(
      `a checkpoint has a file that cannot be: ${JSON.stringify(wrong.path).slice(0, NAME_MOST)}`,
    );
  if (files.length === 0 || files.length > FILES_MOST)
    return failed(`a checkpoint has ${files.length} files; it must have 1 to ${FILES_MOST}`);
  if (!fitsMessage(files)) return failed('the paths of the files of a checkpoint are too long');
  if (toManifestId(files) !== id) return failed('a checkpoint has another id than its manifest');
  return { kind: 'checkpoint', epoch, id, files };
}

function toForked({ epoch, classes, inPlace }: StageForked): ReportItem {
  if (classes.some(({ members }) => members.length === 0) || (inPlace ?? 0) >= classes.length)
    return failed(
      'a fork was reported with an empty class, or with a class in place that it has not',
    );
  return {
    kind: 'forked',
    epoch,
    classes: classes.map(({ members }) => members),
    inPlace: inPlace ?? null,
  };
}

function toRates({ rates, missing }: RatesFound): ReportItem {
  const count = rates.length + missing.length;
  if (count === 0 || count > RATES_MOST)
    return failed(`${count} learning rates were tested; it must be 1 to ${RATES_MOST}`);
  const found: FoundRate[] = [];
  for (const { findJson, ...rest } of rates) {
    const find = parseFind(findJson);
    const numbers = [rest.maxLr, rest.baseLr, rest.least, rest.greatest];
    const isGood = numbers.every((value) => Number.isFinite(value) && value > 0);
    if (!isGood || find === undefined) return failed('a learning rate was found that cannot be');
    const { maxLr: max_lr, baseLr: base_lr, words, ...counts } = rest;
    found.push({ find, max_lr, base_lr, ...counts, words: words.slice(0, TEXT_MOST) });
  }
  const without: MissingRate[] = [];
  for (const { findJson, words } of missing) {
    const find = parseFind(findJson);
    if (find === undefined) return failed('a learning rate is missing that cannot be');
    without.push({ find, words: words.slice(0, TEXT_MOST) });
  }
  return { kind: 'rates', rates: found, missing: without };
}

/** Nothing for a text that no strategy could say. */
function parseFind(json: string): Find | undefined {
  const find = parseJson(json);
  if (find === undefined || findFindingProblem({ find }) !== undefined) return undefined;
  return toFinding({ find }).find;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toEpoch(report: EpochReport): ReportItem {
  const { epoch, steps, lrFirst, lrLast, lrLeast, lrGreatest, lrApplied, seconds } = report;
  const rates = {
    steps,
    first: lrFirst,
    last: lrLast,
    least: lrLeast,
    greatest: lrGreatest,
    applied: lrApplied,
  };
  const wrong = Object.entries({ ...rates, seconds }).find(([, value]) => !Number.isFinite(value));
  if (wrong !== undefined)
    return failed(
      `epoch ${epoch}: ${wrong[0] === 'applied' ? 'the learning rate read back' : wrong[0]} is ${wrong[1]}`,
    );
  if (report.metrics.length > METRICS_MOST)
    return failed(
      `epoch ${epoch} has ${report.metrics.length} metrics; at most ${METRICS_MOST} are recorded`,
    );
  const nameless = report.metrics.find(({ name }) => name === '' || !name.isWellFormed());
  if (nameless !== undefined)
    return failed(
      `epoch ${epoch} has a metric without a proper name: ${JSON.stringify(nameless.name)}`,
    );
  const long = report.metrics.find(({ name }) => name.length > NAME_MOST);
  if (long !== undefined)
    return failed(
      `epoch ${epoch} has a metric with a name of ${long.name.length} characters; at most ${NAME_MOST} are recorded`,
    );
  return { kind: 'epoch', epoch, metrics: toMetrics(report.metrics), rates, seconds };
}

/** A zero has no sign, since the database keeps none: a state must not know more than its rows. */
function toMetrics(metrics: readonly Metric[]): Metrics {
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value === 0 ? 0 : value]));
}

function failed(message: string): ReportItem {
  return { kind: 'ended', outcome: 'failed', message };
}

function assertName(field: string, value: string): void {
  if (value.length > 0 && value.length <= NAME_MOST) return;
  throw new EspalierError(
    'invalid',
    `${field} must have 1 to ${NAME_MOST} characters, not ${value.length}`,
  );
}
