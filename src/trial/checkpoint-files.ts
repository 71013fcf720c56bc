// The files of a checkpoint: JSON that lists tensors, and their bytes one after another.
// Promise: what is read is what was written, tensor by tensor in order and bit by bit; what is not whole, or is not the list that
// was expected, is refused in words.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';

import { EspalierError } from '../domain/errors.ts';

/** Contents by file name. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** What is told of a tensor beside its bytes. */
export type TensorSpec = Pick<tf.io.WeightsManifestEntry, 'name' | 'shape' | 'dtype'>;

/** What a tensor must be like. */
export type Shaped = { readonly shape: readonly (number | null)[]; readonly dtype: string };

/** A tensor that is to be saved. */
export type NamedTensor = { readonly name: string; readonly tensor: tf.Tensor };

/** Tensors that were read, not yet looked at. */
export type Encoded = {
  readonly folder: string;
  /** Whose they are, in words. */
  readonly part: string;
  readonly specs: readonly TensorSpec[];
  readonly bytes: ArrayBuffer;
};

/** Writes all files at once. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  await Promise.all(
    Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)),
  );
}

/**
 * The object in a JSON file, as `parse` reads it.
 *
 * @throws EspalierError `storage`
 */
export async function readJson<T>(
  folder: string,
  name: string,
  parse: (value: Fields) => T,
): Promise<T> {
  const text = (await read(folder, name)).toString();
  try {
    const value: unknown = JSON.parse(text);
    if (isFields(value)) return parse(value);
    throw new TypeError('there is no object');
  } catch (error) {
    throw new EspalierError('storage', `${name} of the checkpoint in ${folder} is not whole`, {
      cause: error,
    });
  }
}

/**
 * The bytes of a file.
 *
 * @throws EspalierError `storage`
 */
export async function readBytes(folder: string, name: string): Promise<ArrayBuffer> {
  return Uint8Array.from(await read(folder, name)).buffer;
}

/** Reads the tensors from the device, all at once. */
export async function encodeTensors(
  tensors: readonly NamedTensor[],
): Promise<{ readonly specs: readonly TensorSpec[]; readonly bytes: Uint8Array }> {
  const { data, specs } = await tf.io.encodeWeights([...tensors]);
  return { specs, bytes: new Uint8Array(data) };
}

/**
 * The tensors in their order; the caller disposes them.
 *
 * @param expected shapes and types of the tensors that they must be
 * @throws EspalierError `conflict` where they are others, `storage` where bytes are missing
 */
export function decodeTensors(encoded: Encoded, expected: readonly Shaped[]): tf.Tensor[] {
  const { bytes, specs } = encoded;
  checkSpecs(encoded, expected);
  checkLength(encoded);
  // Names may occur twice; numbers as names keep every tensor, and the order.
  const numbered = specs.map((spec, at) => ({ ...spec, name: String(at) }));
  return Object.values(tf.io.decodeWeights(bytes, numbered));
}

/** @throws TypeError where this is no list of tensors */
export function parseTensorSpecs(value: unknown): readonly TensorSpec[] {
  if (Array.isArray(value) && value.every(isTensorSpec)) return value;
  throw new TypeError('there is no list of tensors');
}

/** Shape and type are looked at when they are compared with those that are needed. */
function isTensorSpec(value: unknown): value is TensorSpec {
  return isFields(value) && Array.isArray(value['shape']);
}

/** Whether a value out of JSON is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkSpecs({ folder, part, specs }: Encoded, expected: readonly Shaped[]): void {
  const found = specs.map(describe);
  const needed = expected.map(describe);
  const most = Math.max(found.length, needed.length);
  for (let at = 0; at < most; at += 1) {
    if (found[at] === needed[at]) continue;
    throw new EspalierError(
      'conflict',
      `the checkpoint in ${folder} does not fit ${part}: tensor ${at + 1} of ${found.length} is ${found[at] ?? 'missing'}, ` +
        `and ${needed[at] ?? 'none'} is needed`,
    );
  }
}

function describe({ dtype, shape }: Shaped): string {
  return `${dtype} [${shape.join(', ')}]`;
}

function checkLength({ folder, part, specs, bytes }: Encoded): void {
  const needed = specs.reduce(
    (sum, { shape, dtype }) => sum + tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype),
    0,
  );
  if (bytes.byteLength === needed) return;
  throw new EspalierError(
    'storage',
    `the checkpoint in ${folder} is not whole: it has ${bytes.byteLength} bytes of ${part}, and ${needed} are needed`,
  );
}

async function read(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    throw new EspalierError('storage', `the checkpoint in ${folder} cannot be read: ${name}`, {
      cause: error,
    });
  }
}
