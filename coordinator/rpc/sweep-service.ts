// The service that people's tools speak: submit, control, watch.

import { createHash } from 'node:crypto';
import { BOUNDS } from '../../src/domain/bounds.ts';
import { EspalierError } from '../../src/domain/errors.ts';
import { isInnerPath } from '../../src/domain/names.ts';
import type { SweepSpec } from '../../src/domain/sweep.ts';
import { formatProblems } from '../../src/spec/problem.ts';
import { FileRef } from '../../src/wire/generated/espalier/v1/agent.ts';
import type {
  Cancel,
  ControlRequest,
  ControlResponse,
  Prioritise,
  SubmitRequest,
  SubmitResponse,
  SweepServiceServer,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import type { Caller } from '../access/caller.ts';
import { findGlut } from '../core/capacity.ts';
import { findByFingerprint, findSubmitted } from '../core/decide/submission.ts';
import type { Steering, Submission } from '../core/event.ts';
import type { Fact } from '../core/fact.ts';
import { openMembers } from '../core/members.ts';
import type { Agent, State } from '../core/model.ts';
import { toPlaceKey } from '../core/model.ts';
import type { Loop } from '../loop.ts';
import type { Blobs } from '../store/blobs.ts';
import { explain } from './explain.ts';
import type { Rim } from './handler.ts';
import { downloading, unary } from './handler.ts';
import { Seats } from './seats.ts';
import type { WatchPorts } from './watch.ts';
import { serveWatch } from './watch.ts';
import { serveWatchTrial } from './watch-trial.ts';

/** What the service works with. */
export type SweepPorts = WatchPorts & { readonly blobs: Blobs };

/** Handlers of SweepService. */
export function createSweepService(ports: SweepPorts, rim: Rim): SweepServiceServer {
  const seats = new Seats(ports.limits.watchersMost, 'watchers (watchersMost)');
  return {
    submit: unary(rim, (request) => submit(request, ports)),
    control: unary(rim, (request, caller) => control(request, ports, caller)),
    explain: unary(rim, (request) => explain(request, ports)),
    watch: downloading(rim, (call, { identity }) =>
      seats.during(() => serveWatch(call, ports), identity?.id),
    ),
    watchTrial: downloading(rim, (call, { identity }) =>
      seats.during(() => serveWatchTrial(call, ports), identity?.id),
    ),
  };
}

async function submit(
  request: SubmitRequest,
  { loop, blobs, limits }: SweepPorts,
): Promise<SubmitResponse> {
  const event = await toSubmission(request, blobs);
  const isNew = event.again || findSubmitted(loop.state, event.fingerprint) === undefined;
  const glut = isNew ? findGlut(loop.state, event.spec, limits) : undefined;
  if (glut !== undefined) throw new EspalierError('busy', glut);
  const facts = await loop.post(event);
  const created = facts.find((fact) => fact.kind === 'sweep-submitted');
  const sweep = created?.sweep ?? findByFingerprint(loop.state, event.fingerprint);
  if (sweep === undefined) throw new EspalierError('busy', 'others have taken the last room');
  const state = loop.state.sweeps.get(sweep.id)?.state ?? sweep.state;
  const trials = loop.state.trialsOf.get(sweep.id)?.length ?? 0;
  return { sweepId: sweep.id, trials, state, existing: created === undefined };
}

/** What costs little to refuse comes first. */
async function toSubmission(request: SubmitRequest, blobs: Blobs): Promise<Submission> {
  const { bundle, files, sweepFile, again } = request;
  if (bundle === undefined) throw new EspalierError('invalid', 'the submission has no bundle');
  assertListable(files);
  for (const { path } of files) assertInside(path);
  assertApart(files);
  // Agents wait for a coordinator that comes back; what reads sweep files is loaded by the first that is submitted.
  const { parseSweepFile } = await import('../../src/spec/parse-sweep-file.ts');
  const parsed = parseSweepFile(sweepFile);
  if (!parsed.ok) throw new EspalierError('invalid', formatProblems(parsed.problems, sweepFile));
  for (const file of [bundle, ...files]) assertStored(file, blobs);
  const { spec } = parsed;
  const fingerprint = toFingerprint(spec, bundle, files);
  return { kind: 'submitted', spec, sweepFile, fingerprint, bundle, files, again };
}

function assertListable(files: readonly FileRef[]): void {
  const listBytes = files.reduce((sum, file) => sum + FileRef.encode(file).finish().length, 0);
  if (listBytes <= BOUNDS.fileListBytes) return;
  throw new EspalierError(
    'invalid',
    `the sweep has ${files.length} files, too many to list in ${BOUNDS.fileListBytes / 1024} KiB: pack them into an archive`,
  );
}

function assertStored(file: FileRef, blobs: Blobs): void {
  if (!blobs.has(file.sha256))
    throw new EspalierError('not-found', `${file.path.slice(0, 200)} has not been uploaded`);
}

function assertInside(path: string): void {
  if (!isInnerPath(path))
    throw new EspalierError(
      'invalid',
      `${JSON.stringify(path.slice(0, 200))} is not a path inside the sweep file's folder`,
    );
}

/** One path twice, or one that is the folder of another, could not be laid out on a disk. */
function assertApart(files: readonly FileRef[]): void {
  const paths = new Set(files.map(({ path }) => path));
  const folders = files.flatMap(({ path }) =>
    [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index)),
  );
  const folder = folders.find((name) => paths.has(name));
  if (paths.size === files.length && folder === undefined) return;
  throw new EspalierError(
    'invalid',
    folder === undefined
      ? 'a file of the sweep is listed twice'
      : `${JSON.stringify(folder.slice(0, 200))} is both a file and a folder of the sweep`,
  );
}

function toFingerprint(spec: SweepSpec, bundle: FileRef, files: readonly FileRef[]): string {
  const content = [spec, bundle.sha256, files.map(({ path, sha256 }) => [path, sha256])];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

async function control(
  { action }: ControlRequest,
  ports: WatchPorts,
  { identity }: Caller,
): Promise<ControlResponse> {
  const { loop } = ports;
  const by = identity?.name;
  if (action === undefined)
    throw new EspalierError('invalid', 'this coordinator does not know that action');
  if (action.$case === 'drain') return drain(action.drain.agent, loop);
  if (action.$case === 'trust') return trust(action.trust.agent, loop);
  if (action.$case === 'giveUp') return giveUp(loop);
  if (action.$case === 'prioritise') return prioritise(action.prioritise, loop, by);
  if (action.$case === 'clone') {
    const { clone } = await import('./clone.ts');
    return clone(action.clone, ports, by);
  }
  const [kind, { sweepId, trialId }] = toSteering(action);
  assertThere(sweepId, trialId, loop);
  const facts = await loop.post({ kind, sweepId, trialId: trialId === '' ? null : trialId, by });
  return { ...NOBODY, trials: countTrials(loop.state, facts) };
}

const NOBODY = { trials: 0, agentId: '', trialId: '' } as const;

function assertThere(sweepId: string, trialId: string, loop: Loop): void {
  if (!loop.state.sweeps.has(sweepId))
    throw new EspalierError('not-found', `no sweep ${sweepId.slice(0, 200)}`);
  if (trialId !== '' && loop.state.trials.get(trialId)?.sweepId !== sweepId)
    throw new EspalierError('not-found', `sweep ${sweepId} has no trial ${trialId.slice(0, 200)}`);
}

/** Its answer counts the trials that have not ended: those that it concerns. */
async function prioritise(
  { sweepId, trialId, priority }: Prioritise,
  loop: Loop,
  by: string | undefined,
): Promise<ControlResponse> {
  assertThere(sweepId, trialId, loop);
  if (Math.abs(priority) > PRIORITY_MOST)
    throw new EspalierError(
      'invalid',
      `priority: received ${priority}; it must be from -${PRIORITY_MOST} to ${PRIORITY_MOST}`,
    );
  const of = trialId === '' ? null : trialId;
  const facts = await loop.post({ kind: 'prioritised', sweepId, trialId: of, priority, by });
  if (of !== null) return { ...NOBODY, trials: facts.length };
  const { pending = 0, running = 0, paused = 0 } = loop.state.counts.get(sweepId) ?? {};
  return { ...NOBODY, trials: facts.length === 0 ? 0 : pending + running + paused };
}

/** As the sweep file has it. */
const PRIORITY_MOST = 1000;

type Action = Exclude<
  NonNullable<ControlRequest['action']>,
  { $case: 'drain' | 'trust' | 'giveUp' | 'prioritise' | 'clone' }
>;

function toSteering(action: Action): readonly [Steering['kind'], Cancel] {
  switch (action.$case) {
    case 'cancel':
      return ['cancelled', action.cancel];
    case 'pause':
      return ['paused', action.pause];
    case 'resume':
      return ['resumed', action.resume];
    case 'retry':
      return ['retried', action.retry];
  }
}

/** Trials that the facts of one change are about. */
function countTrials(state: State, facts: readonly Fact[]): number {
  return new Set(facts.flatMap((fact) => trialsOf(state, fact))).size;
}

function trialsOf(state: State, fact: Fact): readonly string[] {
  if (fact.kind === 'person-asked') return [];
  if ('trialId' in fact) return [fact.trialId];
  if (fact.kind === 'stage-created') return fact.stage.members;
  if (fact.kind !== 'stage-paused' && fact.kind !== 'stage-resumed') return [];
  const stage = state.stages.get(fact.stageId);
  return stage === undefined ? [] : openMembers(state, stage);
}

async function drain(wanted: string, loop: Loop): Promise<ControlResponse> {
  const agent = findAgent(wanted, loop);
  const facts = await loop.post({ kind: 'drained', agentId: agent.id });
  const trials = facts.length === 0 ? [] : trialsOn(loop.state, agent.id);
  return { ...NOBODY, trials: trials.length, agentId: agent.id };
}

async function trust(wanted: string, loop: Loop): Promise<ControlResponse> {
  const { id: agentId, slots } = findAgent(wanted, loop);
  const trials = slots.filter(({ name }) => loop.state.aside.has(toPlaceKey(agentId, name))).length;
  await loop.post({ kind: 'trusted', agentId });
  return { ...NOBODY, trials, agentId };
}

async function giveUp(loop: Loop): Promise<ControlResponse> {
  const facts = await loop.post({ kind: 'given-up' });
  const ended = facts.flatMap((fact) => (fact.kind === 'lease-ended' ? [fact.stageId] : []));
  const stages = ended.map((id) => loop.state.stages.get(id));
  const trials = stages.flatMap((stage) =>
    stage === undefined ? [] : openMembers(loop.state, stage),
  );
  return { ...NOBODY, trials: trials.length };
}

/** The one connected agent that has this id or name. */
function findAgent(wanted: string, loop: Loop): Agent {
  const agents = [...loop.state.agents.values()].filter(
    ({ id, name, state }) => (id === wanted || name === wanted) && state === 'connected',
  );
  const [agent] = agents;
  if (agent === undefined)
    throw new EspalierError('not-found', `no agent ${wanted.slice(0, 200)} is connected`);
  if (agents.length > 1)
    throw new EspalierError(
      'conflict',
      `${agents.length} agents are called ${wanted.slice(0, 200)}: name one by its id, ${agents.map(({ id }) => id).join(' or ')}`,
    );
  return agent;
}

/** What an agent trains. */
function trialsOn(state: State, agentId: string): readonly string[] {
  return [...(state.leasesOf.get(agentId)?.values() ?? [])].flatMap((stageId) => {
    const stage = state.stages.get(stageId);
    return stage === undefined ? [] : openMembers(state, stage);
  });
}
