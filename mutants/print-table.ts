// Runs planted bugs and prints what came of them. Promise: the status is 0 only if every one was caught by its suite.

import type { Mutant } from './mutant.ts';
import { type Bench, runMutants } from './run-mutants.ts';
import { type Row, toRows, toSummary } from './table.ts';

/** The table, or why there is none; the exit status. Rejects where the benches were told to end. */
export async function printTable(
  mutants: readonly Mutant[],
  benches: readonly Bench[],
  print: (line: string) => void,
): Promise<0 | 1> {
  const startedMs = performance.now();
  let rows: readonly Row[];
  try {
    rows = await runMutants(mutants, benches, print);
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'AbortError') throw error;
    print(error.message);
    return 1;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  for (const line of ['', ...toRows(rows), '', toSummary(rows, seconds)]) print(line);
  return rows.every(({ verdict }) => verdict.kind === 'caught') ? 0 : 1;
}
