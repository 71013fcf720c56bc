// What each kind of caller may do. Pure.

import type { IdentityKind } from '../../src/pki/identity.ts';

type Rights = { readonly kinds: readonly IdentityKind[]; readonly words: string };

const AGENT: Rights = { kinds: ['agent'], words: 'only agents work for it' };
const OPERATOR: Rights = {
  kinds: ['operator'],
  words: 'only operators change anything',
};
const WATCHER: Rights = {
  kinds: ['operator', 'reader'],
  words: 'only operators and readers watch it',
};
const TRANSFER: Rights = {
  kinds: ['agent', 'operator'],
  words: 'only operators and agents transfer files',
};

/** By the method's path. What is not here, nobody may call. */
const RIGHTS: Readonly<Record<string, Rights>> = {
  '/espalier.v1.AgentService/Session': AGENT,
  '/espalier.v1.AgentService/Report': AGENT,
  '/espalier.v1.AgentService/GetHistory': AGENT,
  '/espalier.v1.AgentService/GetMembers': AGENT,
  '/espalier.v1.AgentService/CommitManifest': AGENT,
  '/espalier.v1.BlobService/FindMissing': TRANSFER,
  '/espalier.v1.BlobService/PutBlob': TRANSFER,
  '/espalier.v1.BlobService/GetBlob': TRANSFER,
  '/espalier.v1.SweepService/Submit': OPERATOR,
  '/espalier.v1.SweepService/Control': OPERATOR,
  '/espalier.v1.SweepService/Watch': WATCHER,
  '/espalier.v1.SweepService/WatchTrial': WATCHER,
  '/espalier.v1.SweepService/Explain': {
    kinds: ['operator', 'reader'],
    words: 'only operators and readers ask it why',
  },
  '/espalier.v1.JoinService/Renew': {
    kinds: ['agent', 'operator', 'reader'],
    words: 'everybody may renew',
  },
};

/** The one method that needs no certificate. */
export const JOIN_PATH = '/espalier.v1.JoinService/Join';

/** Why a caller of this kind may not call a method; undefined if it may. */
export function findRefusal(kind: IdentityKind, path: string): string | undefined {
  const rights = RIGHTS[path];
  if (rights === undefined) return `nobody may call ${path.slice(0, 200)}`;
  if (rights.kinds.includes(kind)) return undefined;
  const article = kind === 'reader' ? 'a' : 'an';
  return `this certificate is ${article} ${kind}'s, and ${rights.words}: "espalier token create --kind ${rights.kinds[0]}" on the coordinator's host makes a token for another`;
}
