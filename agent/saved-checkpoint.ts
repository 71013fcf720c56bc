// What a checkpoint tells that was saved before any training: how large later ones are, and what looks like a mistake.
// Promise: of a managed trial no later checkpoint is larger. TensorFlow.js makes an optimizer's slots with the first step, so that
// they are missing in the first checkpoint; how many there are follows from the optimizer. Of a loop of one's own the size is what
// it saved.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What was found. */
export type SavedCheckpoint = {
  readonly bytes: number;
  /** Names of dropout layers with a seed of their own: they drop the same units at every step. */
  readonly fixedDropouts: readonly string[];
};

/** Values for each trained weight, by the optimizer's class. A centered RMSProp has one more. */
const SLOTS: Readonly<Record<string, number>> = {
  SGD: 0,
  Momentum: 1,
  Adam: 2,
  Adamax: 2,
  RMSProp: 2,
  Adagrad: 1,
  Adadelta: 2,
};

/** The name of a slot may be so much longer than that of its weight, and numbers have more digits later. */
const LONGER_NAME_BYTES = 32;
const MORE_DIGITS_BYTES = 64;

type Fields = Readonly<Record<string, unknown>>;

/** Looks at a folder into which a trial saved itself. */
export async function lookAtCheckpoint(folder: string): Promise<SavedCheckpoint> {
  const sizes = await readSizes(folder);
  const saved = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const [model, optimizer] = await Promise.all(
    ['model.json', 'optimizer.json'].map((name) => readFields(folder, name)),
  );
  return {
    bytes: saved + slotBytes(model, optimizer, sizes.get('weights.bin') ?? 0),
    fixedDropouts: findFixedDropouts(model?.['modelTopology']),
  };
}

async function readSizes(folder: string): Promise<ReadonlyMap<string, number>> {
  const names = await readdir(folder, { recursive: true });
  const stats = await Promise.all(
    names.map(async (name) => ({ name, found: await stat(join(folder, name)) })),
  );
  const files = stats.filter(({ found }) => found.isFile());
  return new Map(files.map(({ name, found }) => [name, found.size]));
}

/** The bytes of slots that are not there yet, and of their list. All weights count, also those that are not trained. */
function slotBytes(
  model: Fields | undefined,
  optimizer: Fields | undefined,
  weightBytes: number,
): number {
  if (optimizer?.['iterations'] !== 0) return 0;
  const { hyperparameters } = optimizer;
  const isCentered = isFields(hyperparameters) && hyperparameters['centered'] === true;
  const slots = (SLOTS[String(optimizer['optimizer'])] ?? 0) + (isCentered ? 1 : 0);
  const manifest = model?.['weightsManifest'];
  const [first]: unknown[] = Array.isArray(manifest) ? manifest : [];
  const weights = isFields(first) && Array.isArray(first['weights']) ? first['weights'] : [];
  const listBytes = JSON.stringify(weights).length + weights.length * LONGER_NAME_BYTES;
  return slots * (weightBytes + listBytes) + MORE_DIGITS_BYTES;
}

function findFixedDropouts(topology: unknown): readonly string[] {
  if (Array.isArray(topology)) return topology.flatMap(findFixedDropouts);
  if (!isFields(topology)) return [];
  const { class_name, config } = topology;
  const isFixed =
    /dropout/i.test(String(class_name)) && isFields(config) && typeof config['seed'] === 'number';
  const inner = Object.values(topology).flatMap(findFixedDropouts);
  return isFixed ? [String(config['name'])] : inner;
}

/** A loop of one's own may save anything under these names. */
async function readFields(folder: string, name: string): Promise<Fields | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'));
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
