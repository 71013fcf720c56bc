// The table of planted bugs in Markdown, and the line below it.

import { type Mutant, PROMISES, toSuiteKey } from './mutant.ts';
import type { Verdict } from './verdict.ts';

/** A bug that was planted, and what came of it. */
export type Row = { readonly mutant: Mutant; readonly verdict: Verdict; readonly seconds: number };

/** One line a bug, in the order given, below two lines of heads. */
export function toRows(rows: readonly Row[]): readonly string[] {
  const heads = ['planted bug', 'promise', 'suite', 'caught by', 's'];
  const cells = rows.map(({ mutant, verdict, seconds }) => [
    `\`${mutant.name}\`: ${mutant.bug}`,
    PROMISES[mutant.promise],
    toSuiteKey(mutant.suite),
    toWords(verdict),
    seconds.toFixed(1),
  ]);
  const lines = [heads, ['---', '---', '---', '---', '---:'], ...cells];
  return lines.map((line) => `| ${line.map(toCell).join(' | ')} |`);
}

/** How many were caught, in how many minutes. */
export function toSummary(rows: readonly Row[], seconds: number): string {
  const caught = rows.filter(({ verdict }) => verdict.kind === 'caught').length;
  const others = rows.filter(({ verdict }) => verdict.kind !== 'caught');
  const names = others.map(({ mutant }) => mutant.name).join(', ');
  const minutes = (seconds / 60).toFixed(1);
  const rest = others.length === 0 ? '' : `; not caught: ${names}`;
  return `${caught} of ${rows.length} planted bugs caught in ${minutes} min${rest}`;
}

function toWords(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'caught':
      return verdict.by;
    case 'survived':
      return '**nothing: it survived**';
    case 'unclear':
      return `**unclear**: ${verdict.why}`;
  }
}

function toCell(text: string): string {
  return text
    .replaceAll(/\s+/gu, ' ')
    .replaceAll('|', String.raw`\|`)
    .slice(0, 300);
}
