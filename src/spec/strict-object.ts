// Mappings with known keys only.
// Promise: an issue with such a mapping says which keys it knows.

import { z } from 'zod';

const PREFIX = 'a mapping with ';

/** A mapping that refuses keys that it does not know. */
export function strictObject<S extends z.core.$ZodLooseShape>(
  shape: S,
): z.ZodObject<S, z.core.$strict> {
  return z.strictObject(shape, PREFIX + Object.keys(shape).join(', '));
}

/** The keys that a mapping made by {@link strictObject} knows, from its issue about others: zod gives an issue no other place. */
export function knownKeys(issue: z.core.$ZodIssueUnrecognizedKeys): readonly string[] {
  return issue.message.slice(PREFIX.length).split(', ');
}
