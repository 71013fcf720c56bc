// One thing wrong with a sweep file, where it stands, and how it is shown.
// Promise: what is shown never carries control characters out of the file into somebody's terminal.

import { toPlainPlaces } from '../domain/plain-text.ts';

/** Something wrong with a sweep file. `line` and `column` count from 1; `path` reads like `learning_rate[1].factor`, empty for the whole file. */
export type Problem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
};

/** All problems for people: `file:line:column: path: message`, then the line of the file with a caret. `text` is the file. */
export function formatProblems(problems: readonly Problem[], text: string): string {
  const lines = text.split(/\r\n|\n|\r/);
  return problems.map((problem) => formatProblem(problem, lines[problem.line - 1])).join('\n\n');
}

function formatProblem(problem: Problem, line: string | undefined): string {
  const { file, column, path, message } = problem;
  const place = `${file}:${problem.line}:${column}: `;
  const head = place + (path === '' ? '' : `${toPlainPlaces(path)}: `) + message;
  if (line === undefined || line.trim() === '') return head;
  const { shown, caret } = cut(line, column);
  const gutter = `  ${problem.line} | `;
  return `${head}\n${gutter}${shown}\n${' '.repeat(gutter.length - 2)}| ${' '.repeat(caret)}^`;
}

/** The stretch of a line around a column: a file may well be one line of 64 KiB. */
function cut(line: string, column: number): { shown: string; caret: number } {
  const from = column > 80 ? column - 40 : 0;
  return { shown: toPlainPlaces(line.slice(from), 120), caret: column - 1 - from };
}
