import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { AgentStore, type Report } from '../../../agent/state/agent-store.ts';
import { BOUNDS } from '../../../src/domain/bounds.ts';
import { ReportRequest } from '../../../src/wire/generated/espalier/v1/agent.ts';
import { temporaryFolder } from '../../support/folder.ts';

const END: Report = {
  stageId: 's1',
  attempt: 1,
  item: { $case: 'ended', ended: { outcome: 'completed', message: '' } },
};

function open(folder: string): AgentStore {
  const store = AgentStore.open(folder);
  onTestFinished(() => store.close());
  return store;
}

/** Closed by the test itself. */
function reopen(store: AgentStore, folder: string): AgentStore {
  store.close();
  return open(folder);
}

function numbersOf(store: AgentStore, after = 0): number[] {
  return store.readAfter(after, 100).map(({ sequence }) => sequence);
}

async function written(store: AgentStore): Promise<void> {
  await new Promise<void>((resolve) => {
    const forget = store.onChange(() => {
      forget();
      resolve();
    });
  });
}

test('reports are numbered from 1 without gap and come back as they were', async () => {
  const store = open(temporaryFolder());
  expect([store.append(END), store.append(END)]).toEqual([1, 2]);
  await written(store);
  const [first] = store.readAfter(0, 1);
  expect(ReportRequest.decode(first?.report ?? Buffer.alloc(0))).toEqual({
    ...END,
    agentId: store.agentId,
    sequence: 1,
  });
  expect(numbersOf(store, 1)).toEqual([2]);
});

test('a report is synced to the disk before it is sent', () => {
  const pragma = vi.spyOn(Database.prototype, 'pragma');
  onTestFinished(() => pragma.mockRestore());
  open(temporaryFolder());
  const [database] = pragma.mock.contexts as [Database.Database];
  expect(database.pragma('synchronous', { simple: true })).toBe(2);
});

test('what is appended in one turn is one transaction', async () => {
  const store = open(temporaryFolder());
  let changes = 0;
  store.onChange(() => (changes += 1));
  for (let count = 0; count < 100; count += 1) store.append(END);
  expect(numbersOf(store)).toEqual([]);
  await written(store);
  expect(numbersOf(store).length).toBe(100);
  expect(changes).toBe(1);
});

test('the next run of the agent has the same identity and goes on where this one stopped', () => {
  const folder = temporaryFolder();
  const before = open(folder);
  before.append(END);
  before.append(END);
  before.acknowledge(1);
  const after = reopen(before, folder);
  expect(after.agentId).toBe(before.agentId);
  expect([after.acknowledged, after.last]).toEqual([1, 2]);
  expect(numbersOf(after)).toEqual([2]);
  expect(after.append(END)).toBe(3);
});

test('numbers go on also when nothing is left to deliver', () => {
  const folder = temporaryFolder();
  const before = open(folder);
  before.append(END);
  before.acknowledge(1);
  const after = reopen(before, folder);
  expect([after.acknowledged, after.last]).toEqual([1, 1]);
  expect(after.append(END)).toBe(2);
});

test('an acknowledgement that comes late takes nothing back', async () => {
  const store = open(temporaryFolder());
  store.append(END);
  store.append(END);
  store.acknowledge(2);
  store.acknowledge(1);
  expect(store.acknowledged).toBe(2);
  await written(store);
  expect(numbersOf(store)).toEqual([]);
});

test('a folder has one owner', () => {
  const folder = temporaryFolder();
  open(folder);
  expect(() => AgentStore.open(folder)).toThrow(expect.objectContaining({ code: 'busy' }));
});

test('a file that is no database is named as what failed', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'agent.sqlite');
  const database = new Database(path);
  database.exec('CREATE TABLE identity (wrong TEXT)');
  database.close();
  expect(() => AgentStore.open(folder)).toThrow(expect.objectContaining({ code: 'storage' }));
});

test('a number that was never given breaks the store', async () => {
  const store = open(temporaryFolder());
  store.append(END);
  store.acknowledge(2);
  expect((await store.broken).message).toMatch(/2 reports.*knows of 1/);
});

test('output of trials is let go while too much is undelivered, all else is kept', async () => {
  const store = open(temporaryFolder());
  const data = Buffer.alloc(512 * 1024);
  const log: Report = {
    ...END,
    item: { $case: 'log', log: { offsetBytes: 0, data, droppedBytes: 0 } },
  };
  for (let count = 0; count < 600; count += 1) store.append(log);
  expect(store.last).toBeLessThan(600);
  const last = store.last;
  expect(store.append(END)).toBe(last + 1);
  await written(store);
  store.acknowledge(last);
  await written(store);
  expect(store.append(log)).toBe(last + 2);
});

test('a report that is larger than a message can be is refused in words, and takes no number', () => {
  const store = open(temporaryFolder());
  const data = Buffer.alloc(BOUNDS.messageBytes);
  const log = { offsetBytes: 0, data, droppedBytes: 0 };
  expect(() => store.append({ ...END, item: { $case: 'log', log } })).toThrow(
    /a report \(log\) of the trial has \d+ bytes; at most 1048576 can be sent/,
  );
  expect(store.append(END)).toBe(1);
});
