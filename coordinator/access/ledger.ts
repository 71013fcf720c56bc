// Who is let in, and which tokens let somebody in: a small database of its own beside the results, so that those can be
// handed on without it. Commands on the coordinator's host write into it while the coordinator runs: whoever can write the
// folder decides who is let in.
// Promise: a token lets in once, however many use it at once; a certificate that is not here, or of somebody who was
// revoked, is worth nothing.

import { mkdirSync, openSync, closeSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { EspalierError } from '../../src/domain/errors.ts';
import type { Identity, IdentityKind } from '../../src/pki/identity.ts';

/** A token that was made. Times are wall times in milliseconds. */
export type TokenRow = {
  readonly kind: IdentityKind;
  /** Whom it is for; empty: whoever comes. */
  readonly name: string;
  readonly expiresMs: number;
  readonly usedMs: number | null;
};

/** Somebody who was let in. */
export type Member = Identity & {
  readonly name: string;
  readonly joinedMs: number;
  readonly revokedMs: number | null;
  /** When the last of its certificates ends. */
  readonly untilMs: number;
};

/** A certificate that was given out. */
export type Certificate = { readonly fingerprint: string; readonly untilMs: number };

/** What is known of the holder of a certificate. */
export type Holder = Identity & {
  readonly name: string;
  readonly untilMs: number;
  readonly revokedMs: number | null;
};

const SCHEMA = `
-- What lets somebody in, by the SHA-256 of its secret.
CREATE TABLE IF NOT EXISTS token (
  secret_sha256    TEXT PRIMARY KEY,
  kind             TEXT NOT NULL CHECK (kind IN ('agent', 'operator', 'reader')),
  name             TEXT NOT NULL,            -- whom it is for; empty: whoever comes
  created_ms       INTEGER NOT NULL,
  expires_ms       INTEGER NOT NULL,
  used_ms          INTEGER                   -- once only
) STRICT;
-- Who was let in.
CREATE TABLE IF NOT EXISTS member (
  kind             TEXT NOT NULL CHECK (kind IN ('agent', 'operator', 'reader')),
  id               TEXT NOT NULL,
  name             TEXT NOT NULL,
  joined_ms        INTEGER NOT NULL,
  revoked_ms       INTEGER,
  PRIMARY KEY (kind, id)
) STRICT;
-- The certificates that it may show.
CREATE TABLE IF NOT EXISTS certificate (
  fingerprint      TEXT PRIMARY KEY,         -- SHA-256 of its DER
  kind             TEXT NOT NULL,
  id               TEXT NOT NULL,
  until_ms         INTEGER NOT NULL,
  FOREIGN KEY (kind, id) REFERENCES member ON DELETE CASCADE
) STRICT;
CREATE INDEX IF NOT EXISTS certificate_of ON certificate (kind, id);
`;

/** What became of somebody who was to be let in: `taken` if somebody of that id is in, `used` if the token is not good any more. */
export type Admission = 'in' | 'taken' | 'used';

/** How long one waits for another command that writes. */
const BUSY_MS = 5_000;

/** Tokens are kept for a while, so that a late user is told what became of it. */
const FORGET_MS = 7 * 24 * 3600 * 1000;

/** The ledger of one coordinator. */
export class Ledger {
  readonly #db: Database.Database;
  readonly #find: Database.Statement<[string], Holder>;
  readonly #version: Database.Statement<[], number>;

  private constructor(db: Database.Database) {
    this.#db = db;
    this.#find = db.prepare(`
      SELECT kind, id, name, until_ms AS untilMs, revoked_ms AS revokedMs
      FROM certificate JOIN member USING (kind, id) WHERE fingerprint = ?`);
    this.#version = db.prepare<[], number>('PRAGMA data_version').pluck();
  }

  /** Opens the ledger at `path`, and makes it where it is missing. @throws EspalierError `storage` if it cannot be used */
  static open(path: string): Ledger {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      // SQLite gives its files beside it the same rights.
      closeSync(openSync(path, 'a', 0o600));
      const db = new Database(path, { timeout: BUSY_MS });
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.exec(SCHEMA);
      return new Ledger(db);
    } catch (error) {
      throw new EspalierError('storage', `cannot use ${path}: ${String(error)}`, { cause: error });
    }
  }

  /** Remembers a token by its hash. */
  addToken(hash: string, { kind, name, expiresMs }: Omit<TokenRow, 'usedMs'>, nowMs: number): void {
    this.#db
      .prepare('INSERT INTO token VALUES (?, ?, ?, ?, ?, NULL)')
      .run(hash, kind, name, nowMs, expiresMs);
    this.#db.prepare('DELETE FROM token WHERE expires_ms < ?').run(nowMs - FORGET_MS);
  }

  /** The token with this hash. */
  token(hash: string): TokenRow | undefined {
    return this.#db
      .prepare<[string], TokenRow>(
        'SELECT kind, name, expires_ms AS expiresMs, used_ms AS usedMs FROM token WHERE secret_sha256 = ?',
      )
      .get(hash);
  }

  /** Who has this id, revoked or not. */
  member({ kind, id }: Identity): Member | undefined {
    return this.members().find((member) => member.kind === kind && member.id === id);
  }

  /** Whether somebody of this id is let in now. */
  isIn(identity: Identity, nowMs: number): boolean {
    const known = this.member(identity);
    return known !== undefined && known.revokedMs === null && known.untilMs > nowMs;
  }

  /** Everybody who was ever let in, in the order of joining. */
  members(): readonly Member[] {
    return this.#db
      .prepare<[], Member>(
        `SELECT kind, id, name, joined_ms AS joinedMs, revoked_ms AS revokedMs, coalesce(max(until_ms), 0) AS untilMs
         FROM member LEFT JOIN certificate USING (kind, id) GROUP BY kind, id ORDER BY joined_ms, kind, id`,
      )
      .all();
  }

  /**
   * Uses up a token and lets somebody in with a certificate, in one transaction. Certificates of before, of somebody who was
   * revoked, are worth nothing any more. Whoever is not let in has used nothing up.
   */
  admit(
    hash: string,
    member: Identity & { readonly name: string },
    certificate: Certificate,
    nowMs: number,
  ): Admission {
    return this.#db
      .transaction((): Admission => {
        if (this.isIn(member, nowMs)) return 'taken';
        const claim = this.#db.prepare(
          'UPDATE token SET used_ms = ? WHERE secret_sha256 = ? AND used_ms IS NULL AND expires_ms > ?',
        );
        if (claim.run(nowMs, hash, nowMs).changes !== 1) return 'used';
        this.#insert(member, certificate, nowMs);
        return 'in';
      })
      .immediate();
  }

  /** Lets somebody in without a token: the coordinator's own host. */
  enroll(
    member: Identity & { readonly name: string },
    certificate: Certificate,
    nowMs: number,
  ): void {
    this.#db.transaction(() => this.#insert(member, certificate, nowMs)).immediate();
  }

  /**
   * A later certificate for somebody who is let in. False if another has been let in under this id since `joinedMs`: the
   * certificate is not for that one.
   */
  renew(
    { kind, id, joinedMs }: Pick<Member, 'kind' | 'id' | 'joinedMs'>,
    { fingerprint, untilMs }: Certificate,
    nowMs: number,
  ): boolean {
    return this.#db
      .transaction(() => {
        this.#db.prepare('DELETE FROM certificate WHERE until_ms < ?').run(nowMs);
        const insert = this.#db.prepare(
          'INSERT INTO certificate SELECT ?, kind, id, ? FROM member WHERE kind = ? AND id = ? AND joined_ms = ?',
        );
        return insert.run(fingerprint, untilMs, kind, id, joinedMs).changes === 1;
      })
      .immediate();
  }

  /** Lets somebody in no more. */
  revoke({ kind, id }: Identity, nowMs: number): void {
    this.#db
      .prepare('UPDATE member SET revoked_ms = ? WHERE kind = ? AND id = ? AND revoked_ms IS NULL')
      .run(nowMs, kind, id);
  }

  /** Who has the certificate with this fingerprint. */
  find(fingerprint: string): Holder | undefined {
    return this.#find.get(fingerprint);
  }

  /** Changes when another connection has written. Asked for every message: it takes some microseconds. */
  version(): number {
    return this.#version.get() ?? 0;
  }

  close(): void {
    this.#db.close();
  }

  #insert(
    { kind, id, name }: Identity & { readonly name: string },
    { fingerprint, untilMs }: Certificate,
    nowMs: number,
  ): void {
    // With it go its certificates.
    this.#db.prepare('DELETE FROM member WHERE kind = ? AND id = ?').run(kind, id);
    this.#db.prepare('INSERT INTO member VALUES (?, ?, ?, ?, NULL)').run(kind, id, name, nowMs);
    this.#db
      .prepare('INSERT INTO certificate VALUES (?, ?, ?, ?)')
      .run(fingerprint, kind, id, untilMs);
  }
}
