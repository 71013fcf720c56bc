// Event in, facts out. Pure: it reads the state and changes nothing.

import { findGlut } from './capacity.ts';
import { decideHeartbeat } from './decide/heartbeat.ts';
import { decidePause, decideResume } from './decide/pausing.ts';
import { decideReport } from './decide/report.ts';
import {
  decideCancellation,
  decideDrain,
  decideGivingUp,
  decideRetry,
  decideTrust,
} from './decide/steering.ts';
import { decideSubmission } from './decide/submission.ts';
import { decideTick } from './decide/tick.ts';
import { decideUpload } from './decide/upload.ts';
import type { Stamped } from './event.ts';
import type { Fact } from './fact.ts';
import type { Limits } from './limits.ts';
import type { State } from './model.ts';

/** What has become true through an event. */
export function decide(state: State, event: Stamped, limits: Limits): readonly Fact[] {
  switch (event.kind) {
    case 'submitted':
      return findGlut(state, event.spec, limits) === undefined
        ? decideSubmission(state, event)
        : [];
    case 'heartbeat':
      return decideHeartbeat(state, event, limits);
    case 'reported':
      return decideReport(state, event, limits);
    case 'uploaded':
      return decideUpload(state, event);
    case 'cancelled':
      return decideCancellation(state, event);
    case 'paused':
      return decidePause(state, event);
    case 'resumed':
      return decideResume(state, event);
    case 'retried':
      return decideRetry(state, event);
    case 'drained':
      return decideDrain(state, event);
    case 'given-up':
      return decideGivingUp(state, event.now, limits);
    case 'trusted':
      return decideTrust(state, event);
    case 'tick':
      return decideTick(state, event.now, limits);
  }
}
