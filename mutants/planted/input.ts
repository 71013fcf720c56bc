// Bugs in how text from outside is taken in and shown.

import type { Mutant } from '../mutant.ts';

export const INPUT: readonly Mutant[] = [
  {
    name: 'path-leaves-folder',
    bug: "a file's name may climb out of its folder",
    promise: 'hostile',
    file: 'src/domain/names.ts',
    find: "part !== '' && part !== '.' && part !== '..'",
    replace: "part !== '' && part !== '.'",
    suite: { file: 'test/domain/names.test.ts' },
    failure: /"\.\.\/x" is refused/,
  },
  {
    name: 'prototype-key',
    bug: 'a key of a sweep file may be `__proto__`',
    promise: 'hostile',
    file: 'src/spec/yaml-rules.ts',
    find: "typeof key === 'string' && PROTOTYPE_KEYS.has(key)",
    replace: "typeof key === 'string' && PROTOTYPE_KEYS.has(key.toUpperCase())",
    suite: { file: 'test/spec/hostile.test.ts', tests: 'cannot reach the prototype' },
    failure: /cannot reach the prototype of anything/,
  },
  {
    name: 'alias-bomb',
    bug: 'a sweep file may repeat itself by aliases without end',
    promise: 'hostile',
    file: 'src/spec/yaml-rules.ts',
    find: 'if (repeated <= MOST_BYTES) return undefined;',
    replace: 'if (repeated <= Infinity) return undefined;',
    suite: { file: 'test/spec/hostile.test.ts', tests: 'by aliases' },
    failure: /cannot repeat more by aliases than it may be long/,
  },
  {
    name: 'controls-reach-terminal',
    bug: 'control sequences in the words of a trial reach the terminal',
    promise: 'hostile',
    file: 'src/domain/plain-text.ts',
    find: `    .normalize('NFC')
    .replaceAll(ESCAPES, '')
    .replaceAll(/\\s+/gu, ' ')
    .replaceAll(/\\p{C}|\\p{Variation_Selector}/gu, '');`,
    replace: `    .normalize('NFC')
    .replaceAll(/\\s+/gu, ' ');`,
    suite: { file: 'test/dashboard/frame.property.test.ts', tests: 'never exceeds its size' },
    failure: /nor holds a control sequence from outside/,
  },
  {
    name: 'rejection-unanswered',
    bug: 'a caller whose request cannot be met is left without an answer',
    promise: 'hostile',
    file: 'coordinator/rpc/handler.ts',
    find: '.then(succeed, (error: unknown) => refuse(toStatus(error, fail)))',
    replace: '.then(succeed, fail)',
    suite: { file: 'test/coordinator/services.test.ts', tests: 'unknown ids' },
    failure: /unknown ids are said to be unknown/,
  },
];
