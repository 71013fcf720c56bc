// "report" as a user types it, beside a coordinator that goes on recording.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { loadAssets } from '../../src/report/load-assets.ts';
import { ended, epochReport, startSmall } from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';
import { espalier } from '../support/processes.ts';

test(
  'writes one file with the answer so far, and says how large it is',
  { timeout: 60_000 },
  async () => {
    const { state, agent } = await startSmall();
    await agent.report('small/1@0', 1, epochReport(0, 0.5));
    await agent.report('small/1@0', 1, epochReport(1, 0.25));
    await agent.report('small/1@0', 1, ended('completed'));
    const file = join(temporaryFolder(), 'small.html');
    const report = espalier(['report', 'small', '-o', file, '--state', state]);
    expect(await report.ended).toBe(0);
    expect(report.output()).toMatch(/^\S*small\.html: 2 trials, \d+ kB\n$/);
    const html = readFileSync(file, 'utf8');
    expect(/<h1>(.*?)<\/h1>/.exec(html)?.[1]).toBe(
      'So far a fixed rate is the only setting with a result.',
    );
    const markup = html.slice(0, html.indexOf('<script'));
    expect(markup.match(/(?:src|href)="(?!#|data:)[^"]*/g)).toBeNull();
    const notes = join(temporaryFolder(), 'notes.txt');
    writeFileSync(notes, 'mine');
    const over = espalier(['report', 'small', '-o', notes, '--state', state]);
    expect(await over.ended).not.toBe(0);
    expect([over.output(), readFileSync(notes, 'utf8')]).toEqual([
      expect.stringContaining(`${notes} is there`) as string,
      'mine',
    ]);
    const json = espalier(['report', 'small', '-o', file, '--state', state, '--json']);
    expect(await json.ended).toBe(0);
    expect(JSON.parse(json.output())).toEqual({
      sweep_id: 'small',
      file,
      size_bytes: Buffer.byteLength(html),
      left_out: [],
    });
  },
);

test(
  'says which sweep does not exist, and where it cannot write',
  { timeout: 60_000 },
  async () => {
    const { state } = await startSmall();
    const none = espalier(['report', 'nothing', '--state', state]);
    expect(await none.ended).not.toBe(0);
    expect(none.output()).toContain('nothing');
    const file = join(temporaryFolder(), 'missing', 'small.html');
    const unwritable = espalier(['report', 'small', '-o', file, '--state', state]);
    expect(await unwritable.ended).not.toBe(0);
    expect(unwritable.output()).toContain(`there is no folder ${join(file, '..')}`);
  },
);

test('says what to do where the page was not built', async () => {
  const folder = pathToFileURL(`${temporaryFolder()}/`);
  await expect(loadAssets(folder)).rejects.toThrow('npm run build');
});
