// Operating failures: one class, one union of codes, one table from code to exit status and gRPC status.
// Promise: whatever a user can cause or meet carries a code from here; anything else is a bug.

/** Every kind of operating failure, with the exit status of the command line and the status that gRPC calls answer with. */
const FAILURES = {
  usage: { exit: 2, grpc: 3 },
  invalid: { exit: 3, grpc: 3 },
  'not-found': { exit: 4, grpc: 5 },
  conflict: { exit: 5, grpc: 9 },
  version: { exit: 5, grpc: 9 },
  busy: { exit: 5, grpc: 8 },
  unavailable: { exit: 6, grpc: 14 },
  storage: { exit: 7, grpc: 9 },
  'trials-failed': { exit: 8, grpc: 13 },
  differs: { exit: 9, grpc: 13 },
  unauthenticated: { exit: 10, grpc: 16 },
  forbidden: { exit: 10, grpc: 7 },
  interrupted: { exit: 130, grpc: 1 },
} as const;

/** Names of operating failures. */
export type ErrorCode = keyof typeof FAILURES;

/** An operating failure: what happened, to what, and what to do, in `message`. */
export class EspalierError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EspalierError';
    this.code = code;
  }
}

/** Why something failed, in the words of whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The exit status of a command that fails with `code`. */
export function toExitStatus(code: ErrorCode): number {
  return FAILURES[code].exit;
}

/** The gRPC status number of a call that fails with `code`. */
export function toGrpcStatus(code: ErrorCode): number {
  return FAILURES[code].grpc;
}
