// Loads the bundle of a user's module. Promise: a module is evaluated once a process, and what is wrong with it is said in words.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { EspalierError } from '../domain/errors.ts';
import { rngFor } from '../domain/random.ts';
import type { Catalogue } from '../lr/catalogue.ts';
import { isOwnStrategy } from '../lr/own.ts';
import { isTrial, type Trial } from './define-trial.ts';
import { MODULE_MARK } from './resolve-hook.ts';
import { withRandom } from './seeded-random.ts';

/**
 * The default export of an ESM file; the runtime's own cache makes the second call quick.
 *
 * @throws EspalierError `invalid` where it cannot be parsed or does not export a trial; what the module throws, as it is
 */
export async function loadTrial(path: string): Promise<Trial> {
  const module = await load(path);
  const exported: unknown = Reflect.get(module, 'default');
  if (isTrial(exported)) return exported;
  const found =
    exported === undefined
      ? 'has no default export'
      : `has a default export that defineTrial did not make (${typeof exported})`;
  throw new EspalierError(
    'invalid',
    `the trial's module ${found}: write \`export default defineTrial({ ... })\``,
  );
}

/**
 * The strategies that an ESM file exports, by the names that a sweep file calls them.
 *
 * @throws EspalierError `invalid` where it cannot be parsed; what the module throws, as it is
 */
export async function loadStrategies(path: string): Promise<Catalogue> {
  const exports: readonly [string, unknown][] = Object.entries(await load(path));
  const own = exports.flatMap(([name, value]) =>
    isOwnStrategy(value) ? [[`own/${name}`, value.definition] as const] : [],
  );
  return Object.fromEntries(own);
}

async function load(path: string): Promise<object> {
  // A bundled CommonJS dependency asks for built-in modules through `require`, which ES modules lack.
  Object.assign(globalThis, { require: createRequire(import.meta.url) });
  return withRandom(rngFor(0, 'load'), () => importModule(path));
}

async function importModule(path: string): Promise<object> {
  try {
    const module: object = await import(`${pathToFileURL(path).href}?${MODULE_MARK}`);
    return module;
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new EspalierError('invalid', `the trial's module cannot be parsed: ${error.message}`, {
        cause: undefined,
      });
    }
    throw error;
  }
}
