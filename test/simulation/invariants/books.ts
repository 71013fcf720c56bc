// Books of a simulated world, kept from nothing but its facts, in the order in which they were committed: who holds what, how far every stage
// is, and what has ended. They know none of the coordinator's rules, only what it has promised.

import type { Fact, FactOf } from '../../../coordinator/core/fact.ts';
import type { State } from '../../../coordinator/core/model.ts';
import { isFinal } from '../../../coordinator/core/model.ts';

type StageEntry = { readonly sweepId: string; attempt: number; epoch: number; failures: number };
type LeaseEntry = { readonly attempt: number; readonly place: string };

/** The rules of the books, each with the promises that it is part of. */
export const RULES = [
  {
    name: 'one-lease',
    promises: [1],
    says: 'a stage has one lease at most, and so has a slot; the numbers of attempts only rise',
  },
  {
    name: 'holder-records',
    promises: [2, 7],
    says: 'only the attempt that holds the lease opens, records and forks',
  },
  {
    name: 'epochs-once',
    promises: [2, 3],
    says: 'a stage records its epochs one after another, each once',
  },
  {
    name: 'reports-once',
    promises: [2, 3],
    says: 'reports of an agent are taken in the order of their numbers, each once',
  },
  {
    name: 'ends-once',
    promises: [2, 9],
    says: 'a trial ends once, and a sweep after its last trial; only what failed is tried again',
  },
  { name: 'retries-kept', promises: [9], says: 'no stage fails more often than its sweep allows' },
  {
    name: 'ended-starts-nothing',
    promises: [9],
    says: 'nothing is granted of a sweep that has ended or was cancelled',
  },
] as const;

/** The name of a rule. */
export type Rule = (typeof RULES)[number]['name'];

/** A rule that was broken, and how. */
export type Breach = { readonly rule: Rule; readonly words: string };

/** The books of one coordinator, through all its restarts. */
export class Books {
  readonly #stages = new Map<string, StageEntry>();
  readonly #leases = new Map<string, LeaseEntry>();
  readonly #places = new Map<string, string>();
  readonly #ended = new Map<string, string>();
  readonly #open = new Map<string, number>();
  readonly #retries = new Map<string, number>();
  readonly #sequences = new Map<string, number>();
  readonly #breaches: Breach[] = [];

  /** An older copy has taken the coordinator's place: what that knows is all there is. */
  static of(state: State): Books {
    const books = new Books();
    for (const sweep of state.sweeps.values()) books.#addSweep(sweep.id, sweep.spec.retries);
    for (const trial of state.trials.values()) {
      books.#addTrial(trial.sweepId);
      if (isFinal(trial.state)) books.#endTrial(trial.sweepId, trial.id, trial.state);
    }
    for (const { id, sweepId, attempt, lease, failures, ...stage } of state.stages.values()) {
      const epoch = stage.fromEpoch + stage.recordedEpochs;
      books.#stages.set(id, { sweepId, attempt, epoch, failures });
      if (lease !== null) books.#lease(id, attempt, toPlace(lease));
    }
    for (const { id, lastSequence } of state.agents.values())
      books.#sequences.set(id, lastSequence);
    return books;
  }

  /** Enters the facts of one commit; returns what they broke. */
  enter(facts: readonly Fact[], state: State): readonly Breach[] {
    for (const fact of facts) this.#enter(fact, state);
    return this.#breaches.splice(0);
  }

  #enter(fact: Fact, state: State): void {
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the other facts are in no book
    switch (fact.kind) {
      case 'sweep-submitted':
        return this.#addSweep(fact.sweep.id, fact.sweep.spec.retries);
      case 'trial-created':
        return this.#addTrial(fact.trial.sweepId);
      case 'stage-created': {
        const { id, sweepId, fromEpoch } = fact.stage;
        return void this.#stages.set(id, { sweepId, attempt: 0, epoch: fromEpoch, failures: 0 });
      }
      case 'attempt-passed':
        return this.#raise(fact.stageId, fact.attempt);
      case 'lease-granted':
        return this.#grant(fact);
      case 'lease-ended':
        return this.#endLease(fact);
      case 'stage-opened':
      case 'stage-forked':
      case 'series-recorded':
      case 'log-recorded':
        return this.#expectHolder(fact);
      case 'epoch-recorded':
      case 'epoch-repeated':
        return this.#train(fact);
      case 'report-taken':
        return this.#report(fact.agentId, fact.sequence);
      case 'reports-forgotten':
        return void this.#sequences.set(fact.agentId, fact.toSequence);
      case 'trial-ended':
        return this.#endTrial(state.trials.get(fact.trialId)?.sweepId, fact.trialId, fact.state);
      case 'trial-reopened':
        return this.#reopen(state.trials.get(fact.trialId)?.sweepId, fact.trialId);
      case 'sweep-ended':
        return this.#expect(
          'ends-once',
          this.#open.get(fact.sweepId) === 0,
          `${fact.sweepId} ended with open trials`,
        );
      default:
    }
  }

  #addSweep(sweepId: string, retries: number): void {
    this.#open.set(sweepId, 0);
    this.#retries.set(sweepId, retries);
  }

  #addTrial(sweepId: string): void {
    this.#open.set(sweepId, (this.#open.get(sweepId) ?? 0) + 1);
  }

  #raise(stageId: string, attempt: number): void {
    const stage = this.#stages.get(stageId);
    this.#expect(
      'one-lease',
      attempt > (stage?.attempt ?? 0),
      `${stageId} had attempt ${stage?.attempt} and gets ${attempt}`,
    );
    if (stage !== undefined) stage.attempt = attempt;
  }

  #grant({ stageId, attempt, ...lease }: FactOf['lease-granted']): void {
    const place = toPlace(lease);
    this.#raise(stageId, attempt);
    this.#expect('one-lease', !this.#leases.has(stageId), `${stageId} is leased twice`);
    const other = this.#places.get(place);
    this.#expect('one-lease', other === undefined, `${place} has ${other} and gets ${stageId}`);
    const sweepId = this.#stages.get(stageId)?.sweepId ?? '';
    this.#expect(
      'ended-starts-nothing',
      (this.#open.get(sweepId) ?? 0) > 0,
      `${stageId} is granted, and its sweep has ended`,
    );
    this.#lease(stageId, attempt, place);
  }

  #lease(stageId: string, attempt: number, place: string): void {
    this.#leases.set(stageId, { attempt, place });
    this.#places.set(place, stageId);
  }

  #endLease(fact: FactOf['lease-ended']): void {
    this.#expectHolder(fact);
    const lease = this.#leases.get(fact.stageId);
    this.#leases.delete(fact.stageId);
    this.#places.delete(lease?.place ?? '');
    const stage = this.#stages.get(fact.stageId);
    if (fact.end !== 'failed' || stage === undefined) return;
    stage.failures += 1;
    const retries = this.#retries.get(stage.sweepId) ?? 0;
    this.#expect(
      'retries-kept',
      stage.failures <= retries + 1,
      `${fact.stageId} failed ${stage.failures} times, and ${retries} retries are allowed`,
    );
  }

  #expectHolder({
    kind,
    stageId,
    attempt,
  }: {
    kind: string;
    stageId: string;
    attempt: number;
  }): void {
    const held = this.#leases.get(stageId)?.attempt;
    this.#expect(
      'holder-records',
      held === attempt,
      `${kind} of attempt ${attempt} of ${stageId}, whose lease has ${held}`,
    );
  }

  #train(fact: FactOf['epoch-recorded'] | FactOf['epoch-repeated']): void {
    this.#expectHolder(fact);
    const stage = this.#stages.get(fact.stageId);
    if (fact.kind === 'epoch-repeated' || stage === undefined) return;
    this.#expect(
      'epochs-once',
      fact.epoch === stage.epoch,
      `${fact.stageId} records epoch ${fact.epoch}, and ${stage.epoch} is next`,
    );
    stage.epoch = fact.epoch + 1;
  }

  #report(agentId: string, sequence: number): void {
    const last = this.#sequences.get(agentId) ?? 0;
    this.#expect(
      'reports-once',
      sequence > last,
      `report ${sequence} of ${agentId} is taken after ${last}`,
    );
    this.#sequences.set(agentId, sequence);
  }

  #endTrial(sweepId: string | undefined, trialId: string, state: string): void {
    const was = this.#ended.get(trialId);
    this.#expect(
      'ends-once',
      was === undefined,
      `trial ${trialId} was ${was} and ends as ${state}`,
    );
    this.#ended.set(trialId, state);
    this.#open.set(sweepId ?? '', (this.#open.get(sweepId ?? '') ?? 0) - 1);
  }

  #reopen(sweepId: string | undefined, trialId: string): void {
    const was = this.#ended.get(trialId);
    this.#expect('ends-once', was === 'failed', `trial ${trialId} was ${was} and is tried again`);
    this.#ended.delete(trialId);
    this.#addTrial(sweepId ?? '');
  }

  #expect(rule: Rule, isKept: boolean, words: string): void {
    if (!isKept) this.#breaches.push({ rule, words });
  }
}

function toPlace({ agentId, slot }: { readonly agentId: string; readonly slot: string }): string {
  return `${agentId}:${slot}`;
}
