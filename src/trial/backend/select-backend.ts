// Which tfjs backend a trial computes on: the first of a list that loads and computes correctly.
// Promise: a backend that is missing, broken or only emulated never fails a trial while another of the list works, and never wins unnoticed: what
// decides the bits of a result is in `numerics`.

import { EspalierError, reasonOf } from '../../domain/errors.ts';
import { SoftwareAdapter } from './software-adapter.ts';

/** Every backend by name, best first: the order of preference where none is given. */
export const BACKENDS = ['tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm', 'cpu'] as const;

/** The name of a backend. */
export type BackendName = (typeof BACKENDS)[number];

/** A running backend: its name, and in words what decides the bits of its results (backend, tfjs's version, threads, device). */
export type SelectedBackend = { readonly name: BackendName; readonly numerics: string };

/**
 * Starts the first backend of `preference` (names from {@link BACKENDS}; empty: all of them) that loads and computes a product and a gradient
 * correctly, and makes it tfjs's current one. A WebGPU adapter that is only software comes last, wherever it stands in the list.
 *
 * Throws `invalid` for a name that is none, and `unavailable`, with every reason, where nothing works.
 */
export async function selectBackend(preference: readonly string[]): Promise<SelectedBackend> {
  const names = preference.length === 0 ? BACKENDS : preference.map(parseBackendName);
  const attempts = names.map((name) => ({ name, allowSoftware: false }));
  const failures: string[] = [];
  for (const { name, allowSoftware } of attempts) {
    const attempt = await tryBackend(name, allowSoftware);
    if ('started' in attempt) return attempt.started;
    failures.push(`${name}: ${attempt.message}`);
    if (attempt.isSoftware) attempts.push({ name, allowSoftware: true });
  }
  throw new EspalierError('unavailable', toMessage(failures));
}

/** The backend called `name`. Throws `invalid` where there is none. */
export function parseBackendName(name: string): BackendName {
  const known = BACKENDS.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new EspalierError(
      'invalid',
      `there is no backend '${name}': use one of ${BACKENDS.join(', ')}`,
    );
  }
  return known;
}

type Attempt =
  | { readonly started: SelectedBackend }
  | { readonly message: string; readonly isSoftware: boolean };

async function tryBackend(name: BackendName, allowSoftware: boolean): Promise<Attempt> {
  try {
    const { startBackend } = await import('./start-backend.ts');
    return { started: await startBackend(name, allowSoftware) };
  } catch (error) {
    return { message: firstLine(error), isSoftware: error instanceof SoftwareAdapter };
  }
}

/** What an unknown thrown thing says, in one line. */
export function firstLine(error: unknown): string {
  const text = reasonOf(error);
  return text.split('\n', 1)[0] ?? text;
}

function toMessage(failures: readonly string[]): string {
  const reasons = failures.map((failure) => `\n  ${failure}`).join('');
  return `none of the backends asked for works here:${reasons}\nInstall one of them on this machine, or add wasm or cpu to the list, which need nothing.`;
}
