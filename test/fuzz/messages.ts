// Well-formed messages of every kind, repeated, out of order and contradicting each other: few names, so that they meet, and numbers
// from all over.

import {
  CommitManifestRequest,
  GetHistoryRequest,
  GetMembersRequest,
  ReportRequest,
  SessionRequest,
} from '../../src/wire/generated/espalier/v1/agent.ts';
import {
  FindMissingRequest,
  GetBlobRequest,
  PutBlobRequest,
} from '../../src/wire/generated/espalier/v1/blob.ts';
import { JoinRequest, RenewRequest } from '../../src/wire/generated/espalier/v1/join.ts';
import {
  ControlRequest,
  ExplainRequest,
  SubmitRequest,
  WatchRequest,
  WatchTrialRequest,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import { toManifestId } from '../../src/storage/manifest.ts';
import { epochReport } from '../support/coordinator.ts';
import type { Dice } from '../support/dice.ts';
import { Gossip, type Lease } from './gossip.ts';
import {
  BIG_COUNTS,
  CODE,
  CODE_SHA256,
  COUNTS,
  many,
  NUMBERS,
  pickAgent,
  pickAttempt,
  pickSha256,
  pickStage,
  pickSweep,
  pickTrial,
  TEXTS,
} from './picks.ts';
import { toAction, toSubmission } from './wishes.ts';

/** Who counts as it likes. What is taken of the others' reports would be nothing more if they did. */
const LIAR = 'agent-3';

/** What is said in one call to the method at `path`, by somebody who has heard this or that. */
export function randomMessages(
  dice: Dice,
  path: string,
  gossip: Gossip = new Gossip(),
): readonly Buffer[] {
  const lease = path.endsWith('/Report') && dice.is(0.8) ? gossip.pick(dice) : undefined;
  if (lease !== undefined) return reportsOf(dice, lease, gossip);
  const make = MESSAGES[path.split('/').at(-1) ?? ''];
  if (make === undefined) throw new Error(`nothing is known to say to ${path}`);
  const count = 1 + dice.below(dice.pick([1, 4, 30]));
  const agentId = pickAgent(dice);
  let sequence = dice.below(4);
  return Array.from({ length: count }, () => {
    sequence = agentId === LIAR && dice.is(0.2) ? dice.pick(BIG_COUNTS) : sequence + 1;
    const message = make(dice, agentId, sequence);
    return dice.is(0.05) ? Buffer.concat([message, message]) : message;
  });
}

/** Reports of a lease that is, or was until lately: items as they come, in an order that often could be. */
function reportsOf(dice: Dice, lease: Lease, gossip: Gossip): readonly Buffer[] {
  const { agentId, stageId, attempt } = lease;
  let epoch = 0;
  return Array.from({ length: 1 + dice.below(8) }, () => {
    const item = dice.is(0.9) ? toDue(dice, epoch, lease) : toItem(dice);
    if (item?.$case === 'epoch') epoch += 1;
    return bytesOf(ReportRequest, {
      agentId,
      sequence: gossip.next(agentId),
      stageId,
      attempt,
      item,
    });
  });
}

/** What an honest agent might report next. */
function toDue(dice: Dice, epoch: number, { members }: Lease): ReportRequest['item'] {
  const opened = { stepsPerEpoch: 10, backend: 'cpu', numerics: 'cpu', canSave: true };
  const files = [{ path: 'w', sha256: CODE_SHA256, sizeBytes: CODE.length }];
  const classes = Array.from({ length: members }, (_, i) => ({ members: [i + 1] }));
  return dice.pick<ReportRequest['item']>([
    { $case: 'opened', opened },
    epochReport(epoch, dice.unit()),
    epochReport(epoch, dice.unit()),
    epochReport(epoch, dice.unit()),
    { $case: 'log', log: { offsetBytes: epoch, droppedBytes: 0, data: CODE } },
    { $case: 'series', series: { epoch, fromStep: 0, values: [0.5] } },
    { $case: 'checkpoint', checkpoint: { checkpointId: toManifestId(files), epoch, files } },
    { $case: 'forked', forked: { epoch, classes, inPlace: 0 } },
  ]);
}

type Make = (dice: Dice, agentId: string, sequence: number) => Buffer;

const MESSAGES: Readonly<Record<string, Make>> = {
  Session: (dice, agentId) => bytesOf(SessionRequest, toSession(dice, agentId)),
  Report: (dice, agentId, sequence) => bytesOf(ReportRequest, toReport(dice, agentId, sequence)),
  GetHistory: (dice) => bytesOf(GetHistoryRequest, { stageId: pickStage(dice) }),
  GetMembers: (dice) => bytesOf(GetMembersRequest, { stageId: pickStage(dice) }),
  CommitManifest: (dice) =>
    bytesOf(CommitManifestRequest, {
      stageId: pickStage(dice),
      checkpoint: dice.is(0.1) ? undefined : toCheckpoint(dice),
    }),
  FindMissing: (dice) =>
    bytesOf(FindMissingRequest, { sha256: many(dice, () => pickSha256(dice), 11_000) }),
  PutBlob: (dice) => bytesOf(PutBlobRequest, { part: toPart(dice) }),
  GetBlob: (dice) => bytesOf(GetBlobRequest, { sha256: pickSha256(dice) }),
  Submit: (dice) => bytesOf(SubmitRequest, toSubmission(dice)),
  Control: (dice) => bytesOf(ControlRequest, { action: toAction(dice) }),
  Explain: (dice) =>
    bytesOf(ExplainRequest, { sweepId: pickSweep(dice), trialId: pickTrial(dice) }),
  Watch: (dice) =>
    bytesOf(WatchRequest, {
      sweepId: pickSweep(dice),
      trialId: pickTrial(dice),
      history: dice.is(0.5),
    }),
  WatchTrial: (dice) =>
    bytesOf(WatchTrialRequest, {
      trialId: pickTrial(dice),
      beside: many(dice, () => pickTrial(dice), 20),
      output: dice.is(0.5),
    }),
  Join: (dice) =>
    bytesOf(JoinRequest, {
      secret: Buffer.alloc(dice.below(64), 1),
      role: dice.pick(['agent', 'person', '', ...TEXTS]),
      agentId: pickAgent(dice),
      name: dice.pick(TEXTS),
      key: dice.is(0.2) ? undefined : toKey(dice),
    }),
  Renew: (dice) => bytesOf(RenewRequest, { key: dice.is(0.2) ? undefined : toKey(dice) }),
};

function bytesOf<T>(codec: { encode(message: T): { finish(): Uint8Array } }, message: T): Buffer {
  return Buffer.from(codec.encode(message).finish());
}

function toSession(dice: Dice, agentId: string): SessionRequest {
  return {
    agentId: dice.is(0.9) ? agentId : pickAgent(dice),
    incarnation: dice.is(0.98) ? 'one' : dice.pick(['two', ...TEXTS]),
    name: dice.pick(TEXTS),
    version: dice.pick(TEXTS),
    slots: many(dice, () => toSlot(dice), 300),
    running: many(dice, () => toRunning(dice), 10_100),
    loads: many(dice, () => ({ slot: toSlot(dice).name, busyPercent: dice.pick(COUNTS) }), 300),
    draining: dice.is(0.03),
    leaving: dice.is(0.03),
    number: dice.pick(BIG_COUNTS),
    acknowledgedSequence: agentId === LIAR ? dice.pick(BIG_COUNTS) : 0,
  };
}

function toSlot(dice: Dice): SessionRequest['slots'][number] {
  const name = dice.is(0.9) ? `cpu${dice.below(3)}` : dice.pick(TEXTS);
  return { name, kind: dice.pick(['cpu', 'gpu', '', 'tpu']), description: dice.pick(TEXTS) };
}

function toRunning(dice: Dice): SessionRequest['running'][number] {
  return { stageId: pickStage(dice), attempt: pickAttempt(dice), slot: `cpu${dice.below(3)}` };
}

function toReport(dice: Dice, agentId: string, sequence: number): ReportRequest {
  const stageId = pickStage(dice);
  const attempt = pickAttempt(dice);
  return {
    agentId: dice.is(0.95) ? agentId : pickAgent(dice),
    sequence,
    stageId,
    attempt,
    item: toItem(dice),
  };
}

function toItem(dice: Dice): ReportRequest['item'] {
  const epoch = dice.is(0.7) ? dice.below(4) : dice.pick(COUNTS);
  return dice.pick<() => ReportRequest['item']>([
    () => undefined,
    () => ({
      $case: 'opened',
      opened: {
        stepsPerEpoch: dice.is(0.7) ? 10 : dice.pick(COUNTS),
        backend: dice.pick(TEXTS),
        numerics: dice.pick(TEXTS),
        canSave: dice.is(0.5),
      },
    }),
    () => ({ $case: 'epoch', epoch: toEpoch(dice, epoch) }),
    () => ({ $case: 'epoch', epoch: toEpoch(dice, epoch) }),
    () => ({
      $case: 'series',
      series: {
        epoch,
        fromStep: dice.pick(COUNTS),
        values: many(dice, () => Math.fround(dice.pick(NUMBERS)), 20_000),
      },
    }),
    () => ({
      $case: 'log',
      log: {
        offsetBytes: dice.pick(BIG_COUNTS),
        droppedBytes: dice.pick(BIG_COUNTS),
        data: Buffer.alloc(dice.below(dice.pick([10, 70_000])), 27),
      },
    }),
    () => ({
      $case: 'ended',
      ended: {
        outcome: dice.pick(['completed', 'failed', 'lost', 'released', 'diverged', ...TEXTS]),
        message: dice.pick(TEXTS),
      },
    }),
    () => ({ $case: 'checkpoint', checkpoint: toCheckpoint(dice) }),
    () => ({
      $case: 'forked',
      forked: {
        epoch,
        classes: many(dice, () => ({ members: many(dice, () => dice.below(4), 5_000) }), 40),
        inPlace: dice.is(0.5) ? undefined : dice.pick(COUNTS),
      },
    }),
    () => ({
      $case: 'rates',
      rates: {
        rates: many(dice, () => toRate(dice), 1_100),
        missing: many(dice, () => ({ findJson: toJson(dice), words: dice.pick(TEXTS) }), 20),
      },
    }),
  ])();
}

function toEpoch(
  dice: Dice,
  epoch: number,
): Extract<ReportRequest['item'], { $case: 'epoch' }>['epoch'] {
  const metrics = many(dice, () => ({ name: dice.pick(TEXTS), value: dice.pick(NUMBERS) }), 300);
  const isWanted = dice.is(0.7);
  const rate = (): number => (dice.is(0.9) ? 0.1 : dice.pick(NUMBERS));
  return {
    epoch,
    metrics: isWanted ? [{ name: 'val_loss', value: dice.pick(NUMBERS) }] : metrics,
    steps: dice.is(0.8) ? 10 : dice.pick(COUNTS),
    lrFirst: rate(),
    lrLast: rate(),
    lrLeast: rate(),
    lrGreatest: rate(),
    lrApplied: rate(),
    seconds: rate(),
  };
}

function toRate(dice: Dice) {
  const number = (): number => dice.pick(NUMBERS);
  return {
    findJson: toJson(dice),
    maxLr: number(),
    baseLr: number(),
    least: number(),
    greatest: number(),
    found: dice.pick(COUNTS),
    tested: dice.pick(COUNTS),
    words: dice.pick(TEXTS),
  };
}

function toJson(dice: Dice): string {
  const deep = '['.repeat(10_000);
  return dice.pick(['{"steps":50}', '{}', '', 'null', '{"__proto__":{"steps":50}}', '1e999', deep]);
}

function toCheckpoint(dice: Dice) {
  const path = (): string => dice.pick(['weights.bin', 'a/b', 'w', ...TEXTS]);
  const file = () => ({ path: path(), sha256: pickSha256(dice), sizeBytes: dice.pick(BIG_COUNTS) });
  const files = many(dice, file, 600);
  const id = dice.is(0.8) ? toManifestId(files) : pickSha256(dice);
  return { checkpointId: id, epoch: dice.below(4), files };
}

function toPart(dice: Dice): PutBlobRequest['part'] {
  const size = dice.pick(BIG_COUNTS);
  return dice.pick<() => PutBlobRequest['part']>([
    () => undefined,
    () => ({ $case: 'chunk', chunk: dice.is(0.5) ? CODE : Buffer.alloc(dice.below(70_000)) }),
    () => ({ $case: 'commit', commit: { sha256: pickSha256(dice), sizeBytes: size } }),
    () => ({ $case: 'commit', commit: { sha256: CODE_SHA256, sizeBytes: CODE.length } }),
  ])();
}

function toKey(dice: Dice) {
  return { csr: Buffer.alloc(dice.below(300), dice.below(256)) };
}
