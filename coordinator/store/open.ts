// Opens the results database: what it must be, its migrations, and the settings that its promises rest on.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { EspalierError } from '../../src/domain/errors.ts';

/** SQLite before this can lose committed transactions when a WAL is reset by two connections. */
const OLDEST_SQLITE = [3, 51, 3] as const;

const SCHEMA = new URL('./schema/', import.meta.url);

/**
 * Opens or creates the database at `path` (`:memory:` for a test) and brings its schema up to date.
 * @throws EspalierError `storage` if it is no database of ours or is damaged, `version` if it is of a newer release
 */
export function openDatabase(path: string): Database.Database {
  const db = connect(path);
  try {
    db.pragma('journal_mode = WAL');
    // An acknowledged report must survive a loss of power: WAL alone would only sync at checkpoints.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma('journal_size_limit = 67108864');
    assertSqliteVersion(db);
    migrate(db, path);
    return db;
  } catch (error) {
    db.close();
    throw toStorageError(path, error);
  }
}

function connect(path: string): Database.Database {
  try {
    return new Database(path, { timeout: 100 });
  } catch (error) {
    throw toStorageError(path, error);
  }
}

function assertSqliteVersion(db: Database.Database): void {
  const found = db.prepare('SELECT sqlite_version()').pluck().get() as string;
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
function migrate(db: Database.Database, path: string): void {
  const files = readdirSync(SCHEMA)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  db.transaction(() => {
    const version = db.pragma('user_version', { simple: true }) as number;
    if (version > files.length) {
      throw new EspalierError(
        'version',
        `${path} was written by a newer release of Espalier (schema ${version}, this one knows ${files.length}): use that release, or another state folder`,
      );
    }
    assertOurs(db, path, version);
    for (const file of files.slice(version)) db.exec(readFileSync(new URL(file, SCHEMA), 'utf8'));
    db.prepare('INSERT OR IGNORE INTO meta VALUES (1, ?, ?)').run('espalier', Date.now());
    db.pragma(`user_version = ${files.length}`);
  }).immediate();
}

function assertOurs(db: Database.Database, path: string, version: number): void {
  const tables = db
    .prepare("SELECT count(*) FROM sqlite_master WHERE type = 'table'")
    .pluck()
    .get() as number;
  const hasMeta = db
    .prepare("SELECT count(*) FROM sqlite_master WHERE name = 'meta'")
    .pluck()
    .get() as number;
  const isOurs = version === 0 ? tables === 0 : hasMeta === 1;
  if (!isOurs)
    throw new EspalierError(
      'storage',
      `${path} is a database of another program: name another state folder`,
    );
}

function toStorageError(path: string, error: unknown): unknown {
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

export { toStorageError };
