// What an agent must not forget: who it is, and the reports that nobody has acknowledged yet.
// Promise: one process at a time owns a state folder; a report is on disk before it is sent and until it is acknowledged; numbers
// are given once in the agent's life. Identity and numbers share a file, so that neither can be lost without the other.

import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EspalierError } from '../../src/domain/errors.ts';
import { ReportRequest } from '../../src/wire/generated/espalier/v1/agent.ts';
import { toDeferred } from '../../src/domain/deferred.ts';

// Sequence numbers come from AUTOINCREMENT, which remembers the highest one also when all rows are gone.
const SCHEMA = `
CREATE TABLE IF NOT EXISTS identity (agent_id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS spool (sequence INTEGER PRIMARY KEY AUTOINCREMENT, report BLOB NOT NULL) STRICT;
`;

/** Unacknowledged bytes above which output of trials is no longer kept; all other reports are. */
const LOG_SPOOL_BYTES = 256 * 1024 * 1024;

/** A report without its place in the agent's order. */
export type Report = Omit<ReportRequest, 'agentId' | 'sequence'>;

/** A report as it is sent. */
export type SpooledReport = { readonly sequence: number; readonly report: Buffer };

/** The store of one agent. Appended reports are written in one transaction at the end of the event loop's turn. */
export class AgentStore {
  readonly agentId: string;
  /** Fulfilled with the reason when the disk fails or the folder turns out to be an old copy. */
  readonly broken: Promise<EspalierError>;
  readonly #database: Database.Database;
  readonly #insert: Database.Statement<[number, Buffer]>;
  readonly #delete: Database.Statement<[number], { bytes: number }>;
  readonly #select: Database.Statement<[number, number], SpooledReport>;
  readonly #fail: (reason: EspalierError) => void;
  readonly #onChange = new Set<() => void>();
  #pending: SpooledReport[] = [];
  #scheduled: NodeJS.Immediate | undefined;
  #last: number;
  #acknowledged: number;
  #deleted: number;
  #bytes: number;

  /** Opens or makes the store in a state folder. Throws `EspalierError('busy')` while another agent has it. */
  static open(folder: string): AgentStore {
    let database: Database.Database | undefined;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      database = new Database(join(folder, 'agent.sqlite'), { timeout: 0 });
      return new AgentStore(database);
    } catch (error) {
      database?.close();
      throw toStoreError(error, folder);
    }
  }

  private constructor(database: Database.Database) {
    // The kernel drops the lock when the process ends, however it ends.
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.transaction(() => database.exec(SCHEMA)).exclusive();
    this.#database = database;
    this.agentId = readIdentity(database);
    this.#insert = database.prepare('INSERT INTO spool (sequence, report) VALUES (?, ?)');
    this.#delete = database.prepare(
      'DELETE FROM spool WHERE sequence <= ? RETURNING length(report) AS bytes',
    );
    this.#select = database.prepare(
      'SELECT sequence, report FROM spool WHERE sequence > ? ORDER BY sequence LIMIT ?',
    );
    const { last, first, bytes } = readSpool(database);
    this.#last = last;
    this.#acknowledged = this.#deleted = first - 1;
    this.#bytes = bytes;
    const broken = toDeferred<EspalierError>();
    this.broken = broken.promise;
    this.#fail = broken.resolve;
  }

  /** The number of the latest report; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** Everything up to this number is acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Calls `listener` after each transaction, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#onChange.add(listener);
    return () => this.#onChange.delete(listener);
  }

  /** Takes a report and returns its number. Output of trials is let go while the spool is overfull. */
  append(report: Report): number {
    if (report.item?.$case === 'log' && this.#bytes > LOG_SPOOL_BYTES) return this.#last;
    const sequence = ++this.#last;
    const message = { ...report, agentId: this.agentId, sequence };
    const bytes = Buffer.from(ReportRequest.encode(message).finish());
    this.#pending.push({ sequence, report: bytes });
    this.#bytes += bytes.length;
    this.#schedule();
    return sequence;
  }

  /** Written reports after `sequence`, in order. */
  readAfter(sequence: number, limit: number): readonly SpooledReport[] {
    return this.#select.all(sequence, limit);
  }

  /**
   * Lets go of everything up to `sequence`. A number that was never given breaks the store: then the folder is an old copy, and
   * new reports would be taken for repetitions.
   */
  acknowledge(sequence: number): void {
    if (sequence > this.#last) {
      const message = `the coordinator has ${sequence} reports of this agent, whose state folder knows of ${this.#last}: the folder is an old copy. Start the agent with an empty one`;
      this.#fail(new EspalierError('storage', message));
      return;
    }
    if (sequence <= this.#acknowledged) return;
    this.#acknowledged = sequence;
    this.#schedule();
  }

  /** Writes what is pending and frees the folder. */
  close(): void {
    if (this.#scheduled !== undefined) this.#flush();
    this.#onChange.clear();
    this.#database.close();
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => this.#flush());
  }

  #flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    try {
      this.#database.transaction(() => this.#write()).immediate();
    } catch (error) {
      this.#fail(toStoreError(error, this.#database.name));
      return;
    }
    for (const listener of this.#onChange) listener();
  }

  #write(): void {
    for (const { sequence, report } of this.#pending) this.#insert.run(sequence, report);
    this.#pending = [];
    if (this.#acknowledged === this.#deleted) return;
    for (const { bytes } of this.#delete.all(this.#acknowledged)) this.#bytes -= bytes;
    this.#deleted = this.#acknowledged;
  }
}

function readIdentity(database: Database.Database): string {
  const read = database.prepare<[], { agent_id: string }>('SELECT agent_id FROM identity');
  const known = read.get()?.agent_id;
  if (known !== undefined) return known;
  const made = randomUUID();
  database.prepare('INSERT INTO identity (agent_id) VALUES (?)').run(made);
  return made;
}

function readSpool(database: Database.Database): { last: number; first: number; bytes: number } {
  const spool = database
    .prepare<[], { first: number | null; bytes: number }>(
      'SELECT min(sequence) AS first, coalesce(sum(length(report)), 0) AS bytes FROM spool',
    )
    .get();
  const numbers = database
    .prepare<[], { seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'spool'")
    .get();
  const last = numbers?.seq ?? 0;
  return { last, first: spool?.first ?? last + 1, bytes: spool?.bytes ?? 0 };
}

function toStoreError(error: unknown, where: string): EspalierError {
  const code = error instanceof Database.SqliteError ? error.code : '';
  if (code.startsWith('SQLITE_BUSY')) {
    return new EspalierError(
      'busy',
      `another agent is running with the state folder ${where}: stop it, or give this one a folder of its own with --agent-state`,
    );
  }
  if (code === 'SQLITE_FULL') {
    return new EspalierError(
      'storage',
      `the disk that holds ${where} is full: free some space and start the agent again; what it has reported is kept, and its trials go on from their last checkpoints`,
      { cause: error },
    );
  }
  return new EspalierError('storage', `the agent's state in ${where} failed: ${String(error)}`, {
    cause: error,
  });
}
