// Vitest's JSON report as a run of a suite. Promise: total; a report of another shape is a run without a result.

import type { FailedTest, SuiteRun } from './verdict.ts';

type Fields = Readonly<Record<string, unknown>>;

/** `text` is the report, undefined where none was written; `output` is what the run printed. */
export function readReport(
  text: string | undefined,
  output: string,
  seconds: number,
  status: number | NodeJS.Signals | null,
): SuiteRun {
  const files = toList(toFields(parse(text))['testResults']).map(toFields);
  const tests = files.flatMap((file) => toList(file['assertionResults']).map(toFields));
  const failed = tests.filter(({ status: is }) => is === 'failed').map(toFailed);
  const passed = tests.filter(({ status: is }) => is === 'passed').length;
  const broken = files.find((file) => file['status'] === 'failed' && failed.length === 0);
  const why = broken === undefined ? lastLines(output) : String(broken['message']);
  const trouble = status === 0 ? undefined : `the run ended with ${status}: ${why}`;
  return { passed, failed, trouble, seconds };
}

function toFailed(test: Fields): FailedTest {
  const message = toList(test['failureMessages']).map(String).join('\n');
  return { name: String(test['fullName']).trim(), message };
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function toFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-8).join('\n');
}
