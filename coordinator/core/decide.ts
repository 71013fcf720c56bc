// Event in, facts out. Pure: it reads the state and changes nothing.

import { decideClone } from './decide/clone.ts';
import { decideHeartbeat } from './decide/heartbeat.ts';
import { decidePause, decideResume } from './decide/pausing.ts';
import { decidePriority } from './decide/priority.ts';
import { decideReport } from './decide/report.ts';
import {
  decideCancellation,
  decideDrain,
  decideGivingUp,
  decideRetry,
  decideTrust,
} from './decide/steering.ts';
import { decideSubmission } from './decide/submission.ts';
import { decideStandstill, decideTick } from './decide/tick.ts';
import { decideUpload } from './decide/upload.ts';
import type { Stamped, Steering } from './event.ts';
import type { Fact } from './fact.ts';
import type { Limits } from './limits.ts';
import type { State } from './model.ts';

/** What has become true through an event. */
export function decide(state: State, event: Stamped, limits: Limits): readonly Fact[] {
  switch (event.kind) {
    case 'submitted':
      return decideSubmission(state, event);
    case 'heartbeat':
      return decideHeartbeat(state, event, limits);
    case 'reported':
      return decideReport(state, event, limits);
    case 'uploaded':
      return decideUpload(state, event);
    case 'cancelled':
      return asked(event, decideCancellation(state, event));
    case 'paused':
      return asked(event, decidePause(state, event));
    case 'resumed':
      return asked(event, decideResume(state, event));
    case 'retried':
      return asked(event, decideRetry(state, event));
    case 'prioritised':
      return decidePriority(state, event);
    case 'cloned':
      return decideClone(state, event);
    case 'drained':
      return decideDrain(state, event);
    case 'given-up':
      return decideGivingUp(state, event.now, limits);
    case 'trusted':
      return decideTrust(state, event);
    case 'stood-still':
      return decideStandstill(state, event);
    case 'tick':
      return decideTick(state, event.now, limits);
  }
}

/** What a person has asked for is on record where it has changed something. */
function asked(
  { kind: what, sweepId, trialId, by }: Steering,
  facts: readonly Fact[],
): readonly Fact[] {
  if (facts.length === 0) return [];
  return [{ kind: 'person-asked', what, sweepId, trialId, by: by ?? null }, ...facts];
}
