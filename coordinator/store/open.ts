// Opens the results database: what it must be, its migrations, and the settings that its promises rest on.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { EspalierError } from '../../src/domain/errors.ts';

/** SQLite before this can lose committed transactions when a WAL is reset by two connections. */
const OLDEST_SQLITE = [3, 51, 3] as const;

/** How long a commit waits for another program that writes into the database; leases outlast it. */
const BUSY_MS = 10_000;

const SCHEMA = new URL('./schema/', import.meta.url);

/**
 * Opens or creates the database at `path` (`:memory:` for a test) and brings its schema up to date. Nothing is written
 * before it is known to be ours.
 * @throws EspalierError `storage` if it is no database of ours or is damaged, `version` if it is of a newer release
 */
export function openDatabase(path: string): Database.Database {
  try {
    assertSqliteVersion();
    const files = schemaFiles();
    if (hasContent(path)) inspect(path, files.length);
    return prepare(path, files);
  } catch (error) {
    throw toStorageError(path, error);
  }
}

/** Looks whether a database is one of ours that this release can read. @throws EspalierError as {@link openDatabase} */
export function inspectDatabase(path: string): void {
  try {
    assertSqliteVersion();
    inspect(path, schemaFiles().length);
  } catch (error) {
    throw toStorageError(path, error);
  }
}

function assertSqliteVersion(): void {
  const found = reading(':memory:', {}, (db) =>
    db.prepare('SELECT sqlite_version()').pluck().get(),
  ) as string;
  const parts = found.split('.').map(Number);
  const differs = OLDEST_SQLITE.findIndex((wanted, i) => parts[i] !== wanted);
  if (differs >= 0 && (parts[differs] ?? 0) < (OLDEST_SQLITE[differs] ?? 0)) {
    throw new EspalierError(
      'version',
      `SQLite ${found} can lose committed data; ${OLDEST_SQLITE.join('.')} or later is needed: reinstall better-sqlite3`,
    );
  }
}

/** Forward only: `user_version` counts the schema files that have been applied. */
function schemaFiles(): readonly string[] {
  return readdirSync(SCHEMA)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
}

function hasContent(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** Ours first, and only then its version: another program counts its versions as it likes. */
function inspect(path: string, known: number): void {
  reading(path, { readonly: true }, (db) => {
    if (!isOurs(db)) {
      throw new EspalierError(
        'storage',
        `${path} is a database of another program: name another state folder`,
      );
    }
    const version = versionOf(db);
    if (version > known) {
      throw new EspalierError(
        'version',
        `${path} was written by a newer release of Espalier (schema ${version}, this one knows ${known}): use that release, or another state folder`,
      );
    }
  });
}

/** It says so, or it is empty. */
function isOurs(db: Database.Database): boolean {
  const count = (sql: string): unknown => db.prepare(sql).pluck().get();
  if (count('SELECT count(*) FROM sqlite_master') === 0) return versionOf(db) === 0;
  const hasName = count(
    "SELECT count(*) FROM pragma_table_info('meta') WHERE name = 'application'",
  );
  return hasName === 1 && count("SELECT count(*) FROM meta WHERE application = 'espalier'") === 1;
}

function prepare(path: string, files: readonly string[]): Database.Database {
  const db = connect(path, {});
  try {
    db.pragma('journal_mode = WAL');
    // An acknowledged report must survive a loss of power: WAL alone would only sync at checkpoints.
    db.pragma('synchronous = FULL');
    db.pragma('journal_size_limit = 67108864');
    // A table that others refer to can only be made anew while references are not watched.
    db.pragma('foreign_keys = OFF');
    migrate(db, files);
    db.pragma('foreign_keys = ON');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function migrate(db: Database.Database, files: readonly string[]): void {
  db.transaction(() => {
    for (const file of files.slice(versionOf(db)))
      db.exec(readFileSync(new URL(file, SCHEMA), 'utf8'));
    db.prepare('INSERT OR IGNORE INTO meta VALUES (1, ?)').run('espalier');
    db.pragma(`user_version = ${files.length}`);
  }).immediate();
}

function versionOf(db: Database.Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

function reading<T>(
  path: string,
  options: Database.Options,
  read: (db: Database.Database) => T,
): T {
  const db = connect(path, options);
  try {
    return read(db);
  } finally {
    db.close();
  }
}

function connect(path: string, options: Database.Options): Database.Database {
  return new Database(path, { timeout: BUSY_MS, ...options });
}

/** A failure of SQLite in words; anything else as it is. */
export function toStorageError(path: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code === 'SQLITE_NOTADB')
    return new EspalierError(
      'storage',
      `${path} is not a database: name another state folder, or move the file away`,
      { cause: error },
    );
  if (error.code.startsWith('SQLITE_CORRUPT'))
    return new EspalierError(
      'storage',
      `${path} is damaged (${error.message}): restore it from a copy`,
      { cause: error },
    );
  if (error.code === 'SQLITE_FULL')
    return new EspalierError(
      'storage',
      `the disk that holds ${path} is full: free some space and start again; nothing that was acknowledged is lost`,
      { cause: error },
    );
  if (error.code === 'SQLITE_CANTOPEN' && isFolder(path))
    return new EspalierError('storage', `${path} is a folder, not a database`, { cause: error });
  return new EspalierError('storage', `${path}: ${error.message}`, { cause: error });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
