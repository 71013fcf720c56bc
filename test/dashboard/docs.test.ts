// The page about the dashboard names every pane and every key.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GLOBAL_KEYS } from '../../src/dashboard/frame/help.ts';
import { PANES } from '../../src/dashboard/panes.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/dashboard.md'), 'utf8');

test.each(PANES.map((pane, index) => [`${index + 1} ${pane.title}`, pane.keys] as const))(
  'the page tells of the pane %s and its keys',
  (name, keys) => {
    const row = page.split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';
    const everywhere = new Set(['Esc', ...GLOBAL_KEYS.map(([key]) => key)]);
    const missing = keys
      .map(([key]) => key)
      .filter((key) => !everywhere.has(key) && !row.includes(`\`${key}\``));
    expect(missing).toEqual([]);
  },
);
