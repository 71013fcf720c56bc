// Why something failed, in the words of whatever failed.

/** The message of an error, or what was thrown in its place. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
