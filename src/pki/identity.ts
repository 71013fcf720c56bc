// Who somebody is, as their certificate says it.

import type { X509Certificate } from 'node:crypto';

/** Agents run trials; operators do what people may do; readers look. */
export const KINDS = ['agent', 'operator', 'reader'] as const;
export type IdentityKind = (typeof KINDS)[number];

/** Who calls. Two callers with the same kind and id are the same. */
export type Identity = {
  readonly kind: IdentityKind;
  /** An agent's own id; a person's name. */
  readonly id: string;
};

/** What the certificate of the coordinator says of it. */
export const COORDINATOR_URI = 'espalier://coordinator';

/** What the certificate of the authority says of it. */
export const AUTHORITY_URI = 'espalier://authority';

/** Such as `espalier://agent/1f0c…`. */
export function toUri({ kind, id }: Identity): string {
  return `espalier://${kind}/${encodeURIComponent(id)}`;
}

/** The URI in a certificate that says who it is of; empty where there is none of ours. */
export function uriOf({ subjectAltName }: Pick<X509Certificate, 'subjectAltName'>): string {
  const uris = (subjectAltName ?? '').split(', ').filter((name) => name.startsWith('URI:'));
  return uris.map((name) => name.slice(4)).find((uri) => uri.startsWith('espalier://')) ?? '';
}

/** The identity that a certificate speaks of; undefined for one that is nobody's. */
export function identityOf(
  certificate: Pick<X509Certificate, 'subjectAltName'>,
): Identity | undefined {
  const match = /^espalier:\/\/(?<kind>[a-z]+)\/(?<id>[^/]+)$/.exec(uriOf(certificate));
  const kind = KINDS.find((known) => known === match?.groups?.['kind']);
  const id = match?.groups?.['id'];
  return kind === undefined || id === undefined ? undefined : { kind, id: decodeURIComponent(id) };
}

/** Whether people can be called so: short, without blanks or signs that a shell or a terminal takes amiss. */
export function isIdentityName(name: string): boolean {
  return /^[\w@.+-]{1,100}$/.test(name);
}
