// How to get the same numbers again: the sweep file, what it was trained with, the commands.

import type { ReportData } from '../report-data.ts';
import { escapeHtml } from '../words.ts';

/** The section's content. */
export function reproduceHtml({ origin, sweep }: ReportData): string {
  const facts: (readonly [string, readonly string[]])[] = [
    [
      'Made',
      [
        new Date(origin.madeMs)
          .toISOString()
          .replace(/\.\d+Z/, ' UTC')
          .replace('T', ' '),
      ],
    ],
    ['By', origin.versions],
    ['Trained by', origin.agents],
    ['Numerics', origin.numerics],
    [
      'Seeds',
      [
        sweep.seeds.length > 40
          ? `${sweep.seeds.length} seeds, ${sweep.seeds[0]} to ${sweep.seeds.at(-1)}`
          : sweep.seeds.join(', '),
      ],
    ],
  ];
  const files = origin.files.map(
    ({ path, sha256 }) =>
      `<li>${escapeHtml(path)} <code>${escapeHtml(sha256.slice(0, 16))}…</code></li>`,
  );
  return [
    `<dl class="facts">${facts
      .filter(([, texts]) => texts.length > 0)
      .map(([name, texts]) => `<dt>${name}</dt><dd>${texts.map(escapeHtml).join('<br>')}</dd>`)
      .join(
        '',
      )}<dt>Code and data (SHA-256)</dt><dd><ul style="margin:0;padding-left:1.1em">${files.join('')}</ul></dd></dl>`,
    '<p>Same seeds and same numerics give the same numbers, bit for bit. With the module and its data beside it:</p>',
    `<pre>espalier run sweep.yaml             # trains it; goes on where it was stopped\nespalier verify ${escapeHtml(sweep.name)}    # trains each trial alone from scratch and compares every bit\nespalier report ${escapeHtml(sweep.name)} -o ${escapeHtml(sweep.name)}.html</pre>`,
    '<h3>The sweep file</h3>',
    `<pre tabindex="0">${escapeHtml(origin.sweepFile)}</pre>`,
  ].join('\n');
}
