// Writes sweep.schema.json, which ships with the package for editors, from what `npm run build` has made.

import { writeFileSync } from 'node:fs';
import { sweepFileSchema } from '../dist/src/spec/json-schema.js';

const target = new URL('../sweep.schema.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(sweepFileSchema(), null, 2)}\n`);
