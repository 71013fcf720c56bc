// Commands that read results, as a user types them, beside a coordinator that goes on recording.

import { openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ended, epochReport, testCoordinator, startSmall } from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';
import type { ScriptedAgent } from '../support/coordinator.ts';
import { espalier, until } from '../support/processes.ts';

async function write(agent: ScriptedAgent, offsetBytes: number, text: string): Promise<void> {
  const log = { offsetBytes, data: Buffer.from(text), droppedBytes: 0 };
  await agent.report('small/1@0', 1, { $case: 'log', log });
}

test('"logs -f" prints what is written, until the trial ends', { timeout: 60_000 }, async () => {
  const { state, agent } = await startSmall();
  await write(agent, 0, 'first\n');
  const logs = espalier(['logs', 'small/1', '-f', '--state', state]);
  await until('the first line', () => logs.output() === 'first\n');
  await write(agent, 6, 'second\n');
  await until('the second line', () => logs.output() === 'first\nsecond\n');
  expect(logs.child.exitCode).toBe(null);
  await agent.report('small/1@0', 1, epochReport(0, 0.5));
  await agent.report('small/1@0', 1, epochReport(1, 0.25));
  await write(agent, 13, 'last\n');
  await agent.report('small/1@0', 1, ended('completed'));
  expect(await logs.ended).toBe(0);
  expect(logs.output()).toBe('first\nsecond\nlast\n');
});

test('"logs --json" prints an object for each piece', { timeout: 60_000 }, async () => {
  const { state, agent } = await startSmall();
  await write(agent, 0, 'first\n');
  await write(agent, 6, 'said "two"\n');
  const logs = espalier(['logs', 'small/1', '--json', '--state', state]);
  expect(await logs.ended).toBe(0);
  const lines = logs.output().trimEnd().split('\n');
  const piece = { stage_id: 'small/1@0', attempt: 1, dropped_bytes: 0 };
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { ...piece, offset_bytes: 0, text: 'first\n' },
    { ...piece, offset_bytes: 6, text: 'said "two"\n' },
  ]);
});

test('"ls" counts the trials of every sweep by state', { timeout: 60_000 }, async () => {
  const { state, agent } = await startSmall();
  await agent.report('small/1@0', 1, epochReport(0, 0.5));
  const list = espalier(['ls', '--state', state]);
  expect(await list.ended).toBe(0);
  const [header = '', row = ''] = list.output().split('\n');
  expect(header.split(/ +/)).toEqual(
    'SWEEP STATE TRIALS PENDING RUNNING PAUSED COMPLETED FAILED DIVERGED CANCELLED SUBMITTED'.split(
      ' ',
    ),
  );
  expect(row.split(/ +/).slice(0, 10)).toEqual([
    'small',
    'running',
    '2',
    '1',
    '1',
    '0',
    '0',
    '0',
    '0',
    '0',
  ]);
  const json = espalier(['ls', '--json', '--state', state]);
  expect(await json.ended).toBe(0);
  expect(JSON.parse(json.output())).toMatchObject([{ sweep_id: 'small', pending: 1, running: 1 }]);
});

test('"query" prints CSV, and JSON with one word for it', { timeout: 60_000 }, async () => {
  const { state } = await startSmall();
  const sql = "SELECT 'a,b' AS x, 1 AS x, x'ff' AS y";
  const csv = espalier(['query', sql, '--format', 'csv', '--state', state]);
  expect([await csv.ended, csv.output()]).toEqual([0, 'x,x,y\n"a,b",1,ff\n']);
  const json = espalier(['query', sql, '--json', '--state', state]);
  expect(await json.ended).toBe(0);
  expect(JSON.parse(json.output())).toEqual([{ x: 'a,b', 'x:1': 1, y: 'ff' }]);
  const twice = espalier(['query', sql, '--format', 'json', '--state', state]);
  expect([await twice.ended, twice.output()]).toEqual([2, expect.stringContaining('table, csv')]);
});

test(
  '"submit" proposes a command that finds the coordinator again',
  { timeout: 60_000 },
  async () => {
    const state = temporaryFolder();
    const { address } = await testCoordinator(state);
    const sweep = 'test/e2e/fixtures/steady.yaml';
    const byFolder = espalier(['submit', sweep, '--state', state]);
    expect(await byFolder.ended).toBe(0);
    expect(byFolder.output()).toContain(`espalier watch steady --state ${state}\n`);
    const byAddress = espalier(['submit', sweep, '--coordinator', address]);
    expect(await byAddress.ended).toBe(0);
    expect(byAddress.output()).toContain(`espalier watch steady --coordinator ${address}\n`);
  },
);

test('"doctor" says what is there and whether that is enough', { timeout: 60_000 }, async () => {
  const doctor = espalier(['doctor']);
  expect(await doctor.ended).toBe(0);
  expect(doctor.output()).toMatch(/^ok +Node\.js +\d+\./m);
  expect(doctor.output()).toMatch(/^ok +SQLite +3\./m);
  expect(doctor.output()).toMatch(/^ok +backend cpu /m);
  expect(doctor.output()).toMatch(/^ok +clock +\d{4}-\d\d-\d\d .* UTC/m);
  expect(doctor.output()).toMatch(/^\w+ +port 127\.0\.0\.1:7700 /m);
  expect(doctor.output()).toContain('Sweeps can run here.');
  const json = espalier(['doctor', '--json']);
  expect(await json.ended).toBe(0);
  expect(JSON.parse(json.output())).toContainEqual(
    expect.objectContaining({ what: 'Node.js', present: true, isNeeded: true }),
  );
});

test(
  '"doctor" ends with a status of its own where no sweep can run',
  { timeout: 60_000 },
  async () => {
    // Every process in which it tries a backend ends at its start.
    const NODE_OPTIONS = '--import=data:text/javascript,process.send&&process.exit(1)';
    const doctor = espalier(['doctor'], { env: { NODE_OPTIONS } });
    expect([await doctor.ended, doctor.output()]).toEqual([
      6,
      expect.stringContaining('Sweeps cannot run here: backend cpu missing.'),
    ]);
  },
);

test('standard output that cannot be written is a failure', { timeout: 60_000 }, async () => {
  const lost = espalier(['doctor', '--json'], { stdout: openSync('/dev/full', 'w') });
  expect([await lost.ended, lost.output()]).toEqual([
    7,
    expect.stringContaining('cannot write to standard output: ENOSPC'),
  ]);
});
