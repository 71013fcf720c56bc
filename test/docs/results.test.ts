// docs/results.md: its views and columns are those of the schema, and its example runs. UPDATE=1 writes what it prints anew.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openReadOnly } from '../../src/results/open-read-only.ts';
import { digitsState } from '../results/digits-results.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = join(ROOT, 'docs/results.md');
const text = readFileSync(PAGE, 'utf8');

/** View → its columns, in their order. */
type Views = Readonly<Record<string, readonly string[]>>;

function documented(): Views {
  const views = text.slice(text.indexOf('## Views'), text.indexOf('## From a script'));
  const sections = views.split('\n### ').slice(1);
  return Object.fromEntries(
    sections.map((section) => {
      const columns = [...section.matchAll(/^\| `(\w+)` \| \S/gm)].map((match) => match[1] ?? '');
      return [section.split('\n')[0] ?? '', columns];
    }),
  );
}

function existing(): Views {
  const db = openReadOnly(digitsState());
  const ask = (sql: string, ...values: string[]): string[] =>
    db
      .prepare(sql)
      .pluck()
      .all(...values) as string[];
  const views = ask("SELECT name FROM sqlite_schema WHERE type = 'view'");
  const entries = views.map((name) => [name, ask('SELECT name FROM pragma_table_info(?)', name)]);
  db.close();
  return Object.fromEntries(entries);
}

test('every view and every column of the schema is documented, and nothing that is not there', () => {
  expect(documented()).toEqual(existing());
});

test('the example for scripts runs and prints what the page says', () => {
  const [, code = '', printed] = /```js\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/.exec(text) ?? [];
  const script = code.replace("'.espalier'", JSON.stringify(digitsState()));
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(output.split('\n').length).toBeGreaterThan(5);
  if (process.env['UPDATE'] === undefined) expect(output).toBe(printed);
  else
    writeFileSync(
      PAGE,
      text.replace(`\`\`\`text\n${printed}\`\`\``, () => `\`\`\`text\n${output}\`\`\``),
    );
});
