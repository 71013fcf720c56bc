// The problems of short sweep files, as text that a test can read.

import { parseSweepFile, type ParseOptions } from '../../src/spec/parse-sweep-file.ts';

/** Each problem as `line:column path: message`. */
export const problemsOf = (text: string, options?: ParseOptions): string[] => {
  const parsed = parseSweepFile(text, options);
  return parsed.ok
    ? []
    : parsed.problems.map((p) => `${p.line}:${p.column} ${p.path}: ${p.message}`);
};

export const HEAD = `\
name: test
trial: ./trial.ts
objective: { metric: val_loss, mode: min }
epochs: 3
`;
export const FIXED = 'learning_rate: [{ strategy: fixed, lr: 0.1 }]\n';

/** Problems of a good file with more lines, the first of which is line 6. */
export const withLines = (lines: string): string[] => problemsOf(`${HEAD}${FIXED}${lines}`);

/** Problems of a file with one strategy; `HERE` is shown for the position that `»` marks in it. */
export const withStrategy = (item: string): string[] => {
  const line = `learning_rate: [${item}]`;
  const here = `5:${line.indexOf('»') + 1} `;
  const problems = problemsOf(`${HEAD}${line.replace('»', '')}\n`);
  return problems.map((problem) => problem.replace(here, 'HERE '));
};

/** Paths of the problems of a strategy with these milestones. */
export const places = (milestones: string): string[] =>
  withStrategy(`{ strategy: multistep, lr: 1, milestones: ${milestones} }`).map(
    (problem) => problem.split(' ')[1] ?? '',
  );
