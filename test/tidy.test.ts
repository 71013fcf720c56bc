// The walls of the house: who may import whom, what pure folders may not touch, how long a file may be.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = ['coordinator', 'agent', 'src'].flatMap(sourceFiles);

/** Folder → folders that its files may import from. The most specific folder of a file holds. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  coordinator: ['coordinator', 'src'],
  'coordinator/core': [
    'coordinator/core',
    'src/domain',
    'src/lr',
    'src/space',
    'src/why',
    'src/wire/generated',
  ],
  agent: ['agent', 'src'],
  'agent/core': ['agent/core', 'src/domain', 'src/lr', 'src/wire/generated'],
  src: ['src'],
  'src/domain': ['src/domain', 'src/lr/spec.ts'],
  'src/lr': ['src/lr', 'src/domain'],
  'src/space': ['src/space', 'src/domain', 'src/lr'],
  'src/spec': ['src/spec', 'src/space', 'src/lr', 'src/domain'],
  'src/plan': ['src/plan', 'src/domain', 'src/lr', 'src/space'],
  'src/chart': ['src/chart'],
  'src/report': [
    'src/report',
    'src/results/sweep-rows.ts',
    'src/dashboard/frame/number.ts',
    'src/chart',
    'src/domain',
  ],
  'src/trial': ['src/trial', 'src/domain', 'src/lr'],
  'src/tfjs': ['src/tfjs', 'src/domain', 'src/lr', 'src/trial/optimizer-controls.ts'],
  'src/dashboard': ['src/dashboard', 'src/wire', 'src/domain'],
  'src/results': ['src/results', 'src/domain'],
  'src/why': [
    'src/why',
    'src/domain',
    'src/lr',
    'src/results/trial-record.ts',
    'src/wire/generated',
  ],
  'src/pki': ['src/pki', 'src/domain'],
  'src/export': ['src/export', 'src/results', 'src/domain', 'src/lr', 'src/wire/generated'],
};

/** The one hand-over: commands that start the coordinator's or the agent's main, decide who is let in, or run trials of their own. */
const HAND_OVER: Readonly<Record<string, readonly string[]>> = {
  'src/cli/coordinator.ts': ['coordinator/main.ts'],
  'src/cli/agent.ts': ['agent/main.ts'],
  'src/cli/backup.ts': ['coordinator/backup/back-up.ts'],
  'src/cli/restore.ts': ['coordinator/backup/restore.ts'],
  'src/cli/access/token.ts': ['coordinator/access/desk.ts'],
  'src/cli/access/identities.ts': ['coordinator/access/desk.ts'],
  'src/cli/doctor.ts': ['agent/main.ts', 'coordinator/main.ts'],
  'src/cli/plan/open-sample.ts': ['agent/open-configs.ts'],
  'src/cli/lr/find.ts': ['agent/test-rates.ts'],
  'src/cli/check-own-strategies.ts': ['agent/check-strategies.ts'],
  'src/cli/verify.ts': ['agent/verify/verify-trials.ts'],
};

const PURE = [
  'src/domain/',
  'src/lr/',
  'src/space/',
  'src/plan/',
  'src/why/',
  'src/chart/',
  'coordinator/core/',
  'agent/core/',
  'src/report/answer/',
  'src/report/importance/',
  'src/report/plots/',
];
const IMPURE = [
  /\bDate\.now\b/,
  /\bnew Date\(\)/,
  /\bMath\.random\b/,
  /\bperformance\b/,
  /\bprocess\./,
  /\bawait\b/,
  /\bsetTimeout\b/,
  /\bconsole\./,
  /from 'node:/,
];

test('every file was looked at', () => {
  expect(SOURCES.length).toBeGreaterThan(100);
});

test('imports follow the table', () => {
  const wrong = SOURCES.flatMap((file) =>
    importsOf(file)
      .filter((target) => !isAllowed(file, target))
      .map((target) => `${file} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('the library of certificates is imported in one place, which is loaded when a certificate is made or read', () => {
  const wrong = SOURCES.flatMap((file) => {
    const text = read(file);
    const isDirect = /'(@peculiar\/x509|reflect-metadata)'/.test(text);
    const isEager = /^(import(?! type\b)|export\b).* from '[^']*\/x509\.ts'/m.test(text);
    return (isDirect && file !== 'src/pki/x509.ts') || isEager ? [file] : [];
  });
  expect(wrong).toEqual([]);
});

test('pure folders have no clock, no randomness, no Node and no await', () => {
  const wrong = SOURCES.filter((file) => PURE.some((folder) => file.startsWith(folder))).flatMap(
    (file) =>
      IMPURE.filter((pattern) => pattern.test(codeOf(file))).map(
        (pattern) => `${file}: ${pattern.source}`,
      ),
  );
  expect(wrong).toEqual([]);
});

test('no file is above 400 lines', () => {
  const long = [
    ...SOURCES,
    ...['test', 'bench', 'mutants', 'examples'].flatMap(sourceFiles),
  ].filter((file) => read(file).split('\n').length > 400);
  expect(long).toEqual([]);
});

test('every source file says first what it is', () => {
  const silent = SOURCES.filter((file) => !/^(#!.*\n)?(\/\/|\/\*\*)/.test(read(file)));
  expect(silent).toEqual([]);
});

function isAllowed(file: string, target: string): boolean {
  if (HAND_OVER[file]?.includes(target)) return true;
  const folder = Object.keys(MAY_IMPORT)
    .filter((name) => file.startsWith(`${name}/`))
    .toSorted((a, b) => b.length - a.length)[0];
  return (MAY_IMPORT[folder ?? ''] ?? []).some(
    (allowed) => target === allowed || target.startsWith(`${allowed}/`),
  );
}

/** Relative imports, also dynamic and type-only ones, as paths from the root. */
function importsOf(file: string): readonly string[] {
  return [...read(file).matchAll(/(?:from|import\(|import)\s*'(\.[^']+)'/g)].map((match) =>
    relative(ROOT, normalize(join(ROOT, dirname(file), match[1] ?? ''))),
  );
}

/** Without comments and string literals. */
function codeOf(file: string): string {
  return read(file)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '');
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('generated/'));
}
