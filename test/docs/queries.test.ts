// docs/queries.md: every query of the page runs on a recorded sweep and prints what the page says. UPDATE=1 writes the page anew.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addParameter } from '../../src/cli/query/parameters.ts';
import { writeAnswer } from '../../src/cli/query/write-answer.ts';
import { openForQueries } from '../../src/results/open-read-only.ts';
import { prepareQuery } from '../../src/results/prepare-query.ts';
import type { Parameters } from '../../src/results/value.ts';
import { digitsState } from '../results/digits-results.ts';

const PAGE = join(import.meta.dirname, '../../docs/queries.md');

/** A question: its heading, its SQL, the command below it, and what is printed. */
const QUESTION =
  /^## (?<title>\d+\. .*)\n(?:(?!\n## )[\s\S])*?```sql\n(?<sql>[\s\S]*?)```\n\n`(?<command>espalier query.*)`\n\n```text\n(?<printed>[\s\S]*?)```/gm;

const text = readFileSync(PAGE, 'utf8');
const questions = [...text.matchAll(QUESTION)].map(({ groups = {} }) => groups);

function answerOf({ sql = '', command = '' }: Readonly<Record<string, string>>): string {
  let parameters: Parameters | undefined;
  for (const [, value = ''] of command.matchAll(/--param (\S+)/g))
    parameters = addParameter(value, parameters);
  const db = openForQueries(digitsState());
  let printed = '';
  writeAnswer(prepareQuery(db, sql, parameters), 'table', 1000, (line) => (printed += line));
  db.close();
  return printed;
}

test('the page has ten questions', () => {
  expect(questions.map(({ title }) => Number.parseInt(title ?? '', 10))).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
});

test.each(questions.map((question) => [question['title'], question] as const))(
  '%s',
  (_, question) => {
    const printed = answerOf(question);
    expect(printed.split('\n').length).toBeGreaterThan(2);
    if (process.env['UPDATE'] === undefined) expect(printed).toBe(question['printed']);
  },
);

if (process.env['UPDATE'] !== undefined) {
  test('the page is written anew', () => {
    const updated = text.replaceAll(QUESTION, (block) => {
      const groups = [...block.matchAll(QUESTION)][0]?.groups ?? {};
      const at = block.lastIndexOf('```text\n');
      return `${block.slice(0, at)}\`\`\`text\n${answerOf(groups)}\`\`\``;
    });
    writeFileSync(PAGE, updated);
  });
}
