// A hook for module resolution, run by Node in a thread of its own. Promise: `espalier` and TensorFlow.js mean this installation,
// wherever the importing file lies, so that a process has exactly one of each; a bundle is an ES module whatever its name.

import type { ResolveHook } from 'node:module';

/** The query that marks the address of a bundle. */
export const MODULE_MARK = 'espalier-trial';

const OURS = /^(espalier|@tensorflow\/[^/]+)(\/|$)/;

/** Resolves our packages from here, and everything else as usual. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  if (OURS.test(specifier)) return next(specifier, { ...context, parentURL: import.meta.url });
  const resolved = await next(specifier, context);
  return specifier.endsWith(`?${MODULE_MARK}`) ? { ...resolved, format: 'module' } : resolved;
};
