// Messages of agents as events. Total: what cannot be right becomes a failed attempt or an EspalierError, never a crash.

import type { Metrics } from '../../src/domain/objective.ts';
import { BOUNDS, cut } from '../../src/domain/bounds.ts';
import { EspalierError } from '../../src/domain/errors.ts';
import { isInnerPath, isSha256 } from '../../src/domain/names.ts';
import { fitsMessage, toManifestId } from '../../src/storage/manifest.ts';
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
import type { FileRef, FoundRate, MissingRate, Slot } from '../core/model.ts';

const NAME_MOST = BOUNDS.nameCharacters;
const TEXT_MOST = BOUNDS.wordsCharacters;
const OUTCOMES = ['completed', 'diverged', 'failed', 'lost', 'released'] as const;

/** @throws EspalierError `invalid` for an agent that does not say properly who it is */
export function toHeartbeat(message: SessionRequest): Heartbeat {
  const { agentId, incarnation, draining, leaving } = message;
  assertName('agent_id', agentId);
  assertName('incarnation', incarnation);
  assertCount('the number of slots', message.slots.length, BOUNDS.slots);
  // Those that are over and not acknowledged are among them.
  assertCount('the number of running attempts', message.running.length, BOUNDS.running);
  const name = cut(message.name, NAME_MOST);
  const version = cut(message.version, NAME_MOST);
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
  assertName('stage_id', stageId);
  return { kind: 'reported', agentId, sequence, stageId, attempt, item: toItem(message) };
}

function toAttemptRef({ stageId, attempt }: RunningAttempt): AttemptRef {
  assertName('stage_id', stageId);
  // Numbers rise by one: an agent that claims more than this is not to be believed.
  assertCount(`attempt of ${stageId}`, attempt, BOUNDS.attempt);
  return { stageId, attempt };
}

function toSlot(slot: SessionRequest['slots'][number]): Slot {
  assertName('slot', slot.name);
  return {
    name: slot.name,
    kind: slot.kind === 'gpu' ? 'gpu' : 'cpu',
    description: cut(slot.description, NAME_MOST),
  };
}

function toItem({ item }: ReportRequest): ReportItem {
  switch (item?.$case) {
    case 'opened': {
      const { stepsPerEpoch, backend, numerics } = item.opened;
      if (stepsPerEpoch < 1) return failed('an epoch has no steps: is the training data empty?');
      if (stepsPerEpoch > BOUNDS.steps)
        return failed(`an epoch has ${stepsPerEpoch} steps; it must be at most ${BOUNDS.steps}`);
      return {
        kind: 'opened',
        stepsPerEpoch,
        backend: cut(backend, NAME_MOST),
        numerics: cut(numerics, NAME_MOST),
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
      const message = cut(item.ended.message, TEXT_MOST);
      return outcome === undefined
        ? failed(`unknown outcome ${cut(item.ended.outcome, NAME_MOST)}`)
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
  if (files.length === 0 || files.length > BOUNDS.checkpointFiles)
    return failed(
      `a checkpoint has ${files.length} files; it must have 1 to ${BOUNDS.checkpointFiles}`,
    );
  const wrong = files.find((file) => !canBe(file));
  if (wrong !== undefined)
    return failed(
      `a checkpoint has a file that cannot be: ${cut(JSON.stringify(wrong.path), NAME_MOST)} of ${wrong.sizeBytes} bytes`,
    );
  if (!fitsMessage(files)) return failed('the paths of the files of a checkpoint are too long');
  if (toManifestId(files) !== id) return failed('a checkpoint has another id than its manifest');
  return { kind: 'checkpoint', epoch, id, files };
}

/** What cannot be uploaded can never be stored. */
function canBe({ path, sha256, sizeBytes }: FileRef): boolean {
  return isInnerPath(path) && isSha256(sha256) && sizeBytes <= BOUNDS.blobBytes;
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
  if (count === 0 || count > BOUNDS.rates)
    return failed(`${count} learning rates were tested; it must be 1 to ${BOUNDS.rates}`);
  const found: FoundRate[] = [];
  for (const { findJson, ...rest } of rates) {
    const find = parseFind(findJson);
    const numbers = [rest.maxLr, rest.baseLr, rest.least, rest.greatest];
    const isGood = numbers.every((value) => Number.isFinite(value) && value > 0);
    if (!isGood || find === undefined) return failed('a learning rate was found that cannot be');
    const { maxLr: max_lr, baseLr: base_lr, words, ...counts } = rest;
    found.push({ find, max_lr, base_lr, ...counts, words: cut(words, TEXT_MOST) });
  }
  const without: MissingRate[] = [];
  for (const { findJson, words } of missing) {
    const find = parseFind(findJson);
    if (find === undefined) return failed('a learning rate is missing that cannot be');
    without.push({ find, words: cut(words, TEXT_MOST) });
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
  if (report.metrics.length > BOUNDS.metrics)
    return failed(
      `epoch ${epoch} has ${report.metrics.length} metrics; at most ${BOUNDS.metrics} are recorded`,
    );
  const long = report.metrics.find(({ name }) => name.length > NAME_MOST);
  if (long !== undefined)
    return failed(
      `epoch ${epoch} has a metric with a name of ${long.name.length} characters; at most ${NAME_MOST} are recorded`,
    );
  const nameless = report.metrics.find(({ name }) => name === '' || !name.isWellFormed());
  if (nameless !== undefined)
    return failed(
      `epoch ${epoch} has a metric without a proper name: ${JSON.stringify(nameless.name)}`,
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

function assertCount(field: string, count: number, most: number): void {
  if (count <= most) return;
  throw new EspalierError('invalid', `${field} is ${count}; it must be at most ${most}`);
}
