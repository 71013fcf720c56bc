// Event in, facts out. Pure: it reads the state and changes nothing.

import { decideCancellation } from './decide/cancellation.ts';
import { decideHeartbeat } from './decide/heartbeat.ts';
import { decideReport } from './decide/report.ts';
import { decideSubmission } from './decide/submission.ts';
import { decideTick } from './decide/tick.ts';
import type { Stamped } from './event.ts';
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
    case 'cancelled':
      return decideCancellation(state, event);
    case 'tick':
      return decideTick(state, event.now, limits);
  }
}
