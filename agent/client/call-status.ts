// What the end of a call means for the agent.
// Promise: a refusal ends the agent with the coordinator's own words; everything else is an outage, to be waited out.

import { type StatusObject, status } from '@grpc/grpc-js';
import { EspalierError } from '../../src/domain/errors.ts';

// A connection that breaks in the middle of a call ends it with any of these.
const OUTAGES: ReadonlySet<number> = new Set([
  status.UNAVAILABLE,
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.INTERNAL,
  status.UNKNOWN,
]);

/** Code and words that a call ended with. */
export type CallStatus = Pick<StatusObject, 'code' | 'details'>;

/** The error that a status ends the agent with, if trying again cannot help. */
export function toRefusal(ended: CallStatus, target: string): EspalierError | undefined {
  if (ended.code === status.FAILED_PRECONDITION) {
    const message = `the coordinator at ${target} refused this agent: ${ended.details}`;
    return new EspalierError('version', message);
  }
  if (ended.code === status.UNAUTHENTICATED || ended.code === status.PERMISSION_DENIED) {
    const message = `the coordinator at ${target} does not let this agent in: ${ended.details}`;
    return new EspalierError('unauthenticated', message);
  }
  if (ended.code === status.UNIMPLEMENTED) {
    const message = `${target} is not an Espalier coordinator that this agent can speak to: ${ended.details}`;
    return new EspalierError('version', message);
  }
  return undefined;
}

/** Whether a call that failed with `error` is worth another try once the coordinator can be reached. */
export function isOutage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' && OUTAGES.has(code);
}

/** A status in one line. */
export function describeStatus({ code, details }: CallStatus): string {
  return details === '' ? (status[code] ?? String(code)) : details;
}
