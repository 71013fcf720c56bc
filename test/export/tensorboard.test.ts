// Event files, read record by record and decoded by protobuf's own reader from the descriptors of the protocol files.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRegistry, fromBinary, type Registry, toJson } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { crc32c } from '../../src/export/tensorboard/crc32c.ts';
import { openResults } from '../../src/results/open-results.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { digitsState } from '../results/digits-results.ts';
import { exported } from './exported.ts';
import { hostileDatabase, LONG_NAME, NUMBERS, ODD_NAME } from './hostile-results.ts';

const ROOT = join(import.meta.dirname, '../..');
let registry: Registry;

beforeAll(() => {
  const buf = join(ROOT, 'node_modules/.bin/buf');
  const set = execFileSync(buf, ['build', 'proto', '-o', '-#format=binpb'], { cwd: ROOT });
  registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, set));
});

/** CRC-32C a bit at a time, masked as TFRecord files have it. */
function masked(bytes: Uint8Array): number {
  let crc = 0xffff_ffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ 0x82f6_3b78n : crc >> 1n;
  }
  crc ^= 0xffff_ffffn;
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282_ead8n) & 0xffff_ffffn);
}

/** The records of a file; every checksum is right. */
function records(path: string): readonly Buffer[] {
  const bytes = readFileSync(path);
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 8)).toBe(masked(bytes.subarray(at, at + 8)));
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(masked(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

type Json = Readonly<Record<string, unknown>>;

/** A message as protobuf's JSON has it; there is nothing in it that the protocol does not name. */
function decoded(type: string, bytes: Uint8Array): Json {
  const descriptor = registry.getMessage(`espalier.tensorboard.v1.${type}`);
  if (descriptor === undefined) throw new Error(`there is no message ${type}`);
  const message = fromBinary(descriptor, bytes);
  expect(message.$unknown).toBeUndefined();
  // Messages are objects.
  return toJson(descriptor, message) as Json;
}

type Value = {
  readonly tag: string;
  readonly simpleValue?: number | string;
  readonly metadata?: {
    readonly pluginData: { readonly pluginName: string; readonly content: string };
  };
};

/** The one event file in a folder: what its events say. */
function eventsIn(folder: string): readonly Json[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) =>
    entry.name.includes('tfevents'),
  );
  expect(files.length).toBe(1);
  return records(join(folder, files[0]?.name ?? '')).map((bytes) => decoded('Event', bytes));
}

function valuesOf(events: readonly Json[]): readonly (Value & { readonly step: number })[] {
  return events.flatMap((event) => {
    const summary = event['summary'] as { readonly value: readonly Value[] } | undefined;
    return (summary?.value ?? []).map((value) => ({ ...value, step: Number(event['step'] ?? 0) }));
  });
}

/** What the HParams plugin is told under a tag. */
function toldIn(events: readonly Json[], tag: string): Json {
  const value = valuesOf(events).find((each) => each.tag === `_hparams_/${tag}`);
  expect(value?.metadata?.pluginData.pluginName).toBe('hparams');
  return decoded(
    'HParamsPluginData',
    Buffer.from(value?.metadata?.pluginData.content ?? '', 'base64'),
  );
}

/** The folder of a trial. */
function runOf(target: string, number: string): string {
  const name = readdirSync(target).find((each) => each.startsWith(`${number} `));
  return join(target, name ?? 'missing');
}

/** The numbers of a tag by step. */
function series(events: readonly Json[], tag: string): ReadonlyMap<number, number> {
  const values = valuesOf(events).filter((value) => value.tag === tag);
  return new Map(values.map(({ step, simpleValue }) => [step, Number(simpleValue ?? 0)]));
}

const checksumOf = (bytes: ArrayLike<number>): string =>
  crc32c(Uint8Array.from(bytes)).toString(16);

test('CRC-32C is that of RFC 3720', () => {
  expect(checksumOf(Buffer.from('123456789'))).toBe('e3069283');
  expect(checksumOf(Array.from({ length: 32 }, () => 0))).toBe('8a9136aa');
  expect(checksumOf(Array.from({ length: 32 }, () => 255))).toBe('62a8ab43');
  expect(checksumOf(Array.from({ length: 32 }, (_, i) => i))).toBe('46dd794e');
  expect(checksumOf([])).toBe('0');
});

test('a sweep is an experiment with its hyperparameters and metrics, and a run for each trial', async () => {
  const { target } = await exported(statePaths(digitsState()).database, 'tensorboard', {
    steps: false,
  });
  const events = eventsIn(target);
  expect(events[0]).toMatchObject({ fileVersion: 'brain.Event:2' });
  const { experiment } = toldIn(events, 'experiment') as { readonly experiment: Json };
  expect(experiment).toMatchObject({ name: 'digits' });
  expect(experiment['hparamInfos']).toContainEqual({
    name: 'learning_rate.factor',
    type: 'DATA_TYPE_FLOAT64',
    domainDiscrete: { values: [{ numberValue: 0.2 }, { numberValue: 0.5 }] },
  });
  const strategies = ['cyclic', 'exponential', 'fixed', 'multistep', 'plateau', 'step'];
  expect(experiment['hparamInfos']).toContainEqual({
    name: 'learning_rate.strategy',
    type: 'DATA_TYPE_STRING',
    domainDiscrete: { values: strategies.map((stringValue) => ({ stringValue })) },
  });
  const tags = ['best/val_loss', 'val_loss', 'accuracy', 'loss', 'val_accuracy', 'learning_rate'];
  expect(experiment['metricInfos']).toEqual(tags.map((tag) => ({ name: { tag } })));
  expect(readdirSync(target).filter((name) => /^\d\d /.test(name)).length).toBe(33);
});

test('a run begins with what the trial was set up with, has every number of every epoch, and says how it ended', async () => {
  const state = digitsState();
  const { target } = await exported(statePaths(state).database, 'tensorboard', { steps: false });
  const events = eventsIn(runOf(target, '32'));
  const { sessionStartInfo } = toldIn(events, 'session_start_info') as {
    readonly sessionStartInfo: Json;
  };
  expect(sessionStartInfo['hparams']).toMatchObject({
    'learning_rate.strategy': { stringValue: 'plateau' },
    'learning_rate.patience': { numberValue: 3 },
    'config.optimizer': { stringValue: 'momentum' },
  });
  const { sessionEndInfo } = toldIn(events, 'session_end_info') as {
    readonly sessionEndInfo: Json;
  };
  expect(sessionEndInfo['status']).toBe('STATUS_SUCCESS');
  using results = openResults(state);
  let best = Number.POSITIVE_INFINITY;
  for (const { epoch, last, metrics } of results.epochs('digits/32')) {
    for (const [name, value] of Object.entries(metrics))
      expect(series(events, name).get(epoch)).toBeCloseTo(value, 5);
    expect(series(events, 'learning_rate').get(epoch)).toBeCloseTo(last, 9);
    best = Math.min(best, metrics['val_loss'] ?? Number.NaN);
    expect(series(events, 'best/val_loss').get(epoch)).toBeCloseTo(best, 6);
  }
  expect(series(events, 'val_loss').size).toBe(20);
});

test('trials that differ in their seeds alone are one group', async () => {
  const { target } = await exported(statePaths(digitsState()).database, 'tensorboard', {
    steps: false,
  });
  const groupOf = (number: string): unknown =>
    (toldIn(eventsIn(runOf(target, number)), 'session_start_info')['sessionStartInfo'] as Json)[
      'groupName'
    ];
  expect(groupOf('01')).toBe(groupOf('03'));
  expect(groupOf('01')).not.toBe(groupOf('04'));
});

test('what diverged has failed, and its infinities stay', async () => {
  const { target } = await exported(statePaths(digitsState()).database, 'tensorboard', {
    sweepId: 'digits-linear',
    steps: false,
  });
  const events = eventsIn(runOf(target, '40'));
  expect(toldIn(events, 'session_end_info')['sessionEndInfo']).toMatchObject({
    status: 'STATUS_FAILURE',
  });
  expect([...series(events, 'val_loss').values()]).toEqual([Number.POSITIVE_INFINITY]);
});

test('NaN, infinities and any name are kept; numbers are float32, and folders have names that a disk takes', async () => {
  const { target } = await exported(hostileDatabase(), 'tensorboard', { steps: false });
  const events = eventsIn(runOf(target, '04'));
  for (const name of [LONG_NAME, ODD_NAME])
    expect([...series(events, name).values()]).toEqual(NUMBERS.map((value) => Math.fround(value)));
  const odd = runOf(target, '02');
  expect(Buffer.byteLength(odd.split('/').at(-1) ?? '')).toBeLessThan(256);
  expect(eventsIn(odd).length).toBeGreaterThan(20);
});

test('a metric that is called as one of the tags has it', async () => {
  const { database } = statePaths(digitsState());
  const db = new Database(database);
  db.exec("UPDATE metric SET name = 'learning_rate' WHERE name = 'accuracy'");
  db.close();
  const { target } = await exported(database, 'tensorboard', { steps: false });
  const { experiment } = toldIn(eventsIn(target), 'experiment') as { readonly experiment: Json };
  const infos = experiment['metricInfos'] as readonly { readonly name: { readonly tag: string } }[];
  expect(infos.filter(({ name }) => name.tag === 'learning_rate').length).toBe(1);
  const values = valuesOf(eventsIn(runOf(target, '01'))).filter(
    ({ tag }) => tag === 'learning_rate',
  );
  expect([values.length, values[0]?.simpleValue]).toEqual([20, Math.fround(0.25750174463335984)]);
});
