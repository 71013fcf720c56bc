// How much anything that comes from outside may be: one table, which every door reads.
// Promise: what is above a bound is refused, or cut where people read it, before anything is kept of it.

const KIB = 1024;
const MIB = 1024 * KIB;

/** Bounds that are part of the protocol: every release has the same. Characters are UTF-16 code units. */
export const BOUNDS = {
  /** Bytes of a message to the coordinator. */
  messageBytes: MIB,
  /** Bytes of a message to an agent, which trusts its coordinator: the configs and checkpoints of all its slots are in one. */
  messageToAgentBytes: 64 * MIB,
  /** Megabytes that the HTTP/2 layer keeps for one connection. */
  sessionMegabytes: 64,
  /** Streams of one connection. */
  streams: 64,
  /** Bytes of the headers of a call, which come before its first message. */
  headerBytes: 8 * KIB,
  /** Headers of a call. */
  headers: 64,
  /** Characters of a name: of an agent, a slot, a metric. */
  nameCharacters: 200,
  /** Characters of words: why a trial failed. */
  wordsCharacters: 8_192,
  /** Slots of an agent. */
  slots: 256,
  /** Attempts that an agent says it runs, those included of whose end it does not know that it is known. */
  running: 10_000,
  /** The highest number of an attempt that is believed. */
  attempt: 1_000_000_000,
  /** Steps of an epoch: an agent computes a learning rate for each. */
  steps: 10_000_000,
  /** Metrics of an epoch. */
  metrics: 256,
  /** Learning rates that a config's range tests come to. */
  rates: 1_000,
  /** Blobs that can be asked for at once. */
  blobNames: 10_000,
  /** Bytes of a blob, and so of a file of a checkpoint. */
  blobBytes: 2 ** 31,
  /** Bytes of the list of a sweep's files. */
  fileListBytes: 128 * KIB,
  /** Files of a checkpoint. */
  checkpointFiles: 500,
  /** Characters of the list of a checkpoint's files. */
  manifestCharacters: 64 * KIB,
  /** Characters of a line that a trial's process writes to its agent. */
  answerCharacters: MIB,
  /** Bytes of a trial's output that its agent passes on in a second; what is above is left out, and said to be. */
  logBytesPerSecond: 1_000_000,
  /** Bytes of an attempt's output that its agent passes on. */
  logBytesOfAttempt: 4 * MIB,
  /** Bytes of the file that a trial's process writes its output into, on the agent. */
  logFileBytes: 64 * MIB,
  /** Bytes of unacknowledged reports above which an agent keeps no more output of trials. */
  spoolBytes: 256 * MIB,
  /** Bytes of a sweep file. */
  sweepFileBytes: 64 * KIB,
  /** Levels of a sweep file. */
  sweepFileLevels: 40,
  /** Aliases in a sweep file. */
  sweepFileAliases: 16,
  /** Trials of a sweep. */
  trialsOfSweep: 100_000,
  /** Attempts to join at once from one address, of which one a second comes back. */
  joinAttempts: 120,
  /** Renewals of a certificate at once by whoever has it, of which one a minute comes back. */
  renewals: 10,
} as const;

/** At most so many characters of a text, and never half of one: what is kept must come back from a database as it was. */
export function cut(text: string, most: number): string {
  return text.slice(0, most).toWellFormed();
}
