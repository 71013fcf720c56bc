// Files and folders that begin as what was typed. Promise: the only match is never a folder that has something in it, since a
// shell would put a space after it and end the word.

import { readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Folders that begin as `typed`, and files too where `withFiles`; hidden ones only where a dot was typed. */
export function filesFor(typed: string, withFiles: boolean): readonly string[] {
  const found = matches(typed, withFiles);
  const [only] = found;
  if (found.length > 1 || only === undefined || only === typed || !only.endsWith('/')) return found;
  return [...found, ...filesFor(only, withFiles)];
}

function matches(typed: string, withFiles: boolean): readonly string[] {
  const lead = typed.slice(0, typed.lastIndexOf('/') + 1);
  return namesIn(lead === '' ? '.' : dirname(`${lead}.`))
    .filter((name) => !name.startsWith('.') || typed.slice(lead.length).startsWith('.'))
    .map((name) => `${lead}${name}`)
    .filter((path) => path.startsWith(typed))
    .flatMap((path) => {
      if (isFolder(path)) return [`${path}/`];
      return withFiles ? [path] : [];
    });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
