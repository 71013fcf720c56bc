// JSON Schema of the sweep file, for editors: completion, descriptions and most of the mistakes while typing.
// Promise: generated from the validator and the tables of fields. What spans fields or needs counting only the parser knows.

import { z } from 'zod';
import { sweepFileSchema as validator } from './sweep-file-schema.ts';

/** The schema, draft-7, of a sweep file as written (before defaults and axes are filled in). */
export function sweepFileSchema(): object {
  return z.toJSONSchema(validator, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // zod leaves out the defaults of what it transforms; ours are spelt as in the file
      const standard = z.globalRegistry.get(zodSchema)?.['default'];
      if (standard !== undefined) Object.assign(jsonSchema, { default: standard });
    },
  });
}
