// Tokens that let somebody in: which coordinator it is, and a secret that it knows.
// Promise: a token that was cut or garbled on its way is told from one that is not good any more, before anything is sent.

import { createHash, randomBytes } from 'node:crypto';
import { EspalierError } from '../domain/errors.ts';

/** What a token says. */
export type JoinToken = {
  /** SHA-256 of the authority's certificate, 64 hexadecimal digits. */
  readonly authority: string;
  /** 128 random bits. */
  readonly secret: Buffer;
};

const MARK = 'esp1';
const FINGERPRINT_BYTES = 32;
const SECRET_BYTES = 16;
const CHECK_CHARACTERS = 6;

/** A token for the coordinator with this authority. */
export function createJoinToken(authority: string): JoinToken {
  return { authority, secret: randomBytes(SECRET_BYTES) };
}

/** Such as `esp1.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU.AAAAAAAAAAAAAAAAAAAAAA.abcdef`: letters, digits, `-`, `_` and dots. */
export function formatJoinToken({ authority, secret }: JoinToken): string {
  const body = `${MARK}.${Buffer.from(authority, 'hex').toString('base64url')}.${secret.toString('base64url')}`;
  return `${body}.${toCheck(body)}`;
}

/** @throws EspalierError `usage` for a text that was not printed by {@link formatJoinToken} */
export function parseJoinToken(text: string): JoinToken {
  const parts = text.trim().split('.');
  const [mark, fingerprint = '', secret = '', check] = parts;
  const token = {
    authority: Buffer.from(fingerprint, 'base64url').toString('hex'),
    secret: Buffer.from(secret, 'base64url'),
  };
  const isWhole =
    parts.length === 4 &&
    mark === MARK &&
    token.authority.length === 2 * FINGERPRINT_BYTES &&
    token.secret.byteLength === SECRET_BYTES &&
    toCheck(`${mark}.${fingerprint}.${secret}`) === check;
  if (isWhole) return token;
  throw new EspalierError(
    'usage',
    '--token is not whole: copy all of the line that "espalier token create" printed',
  );
}

/** What the coordinator keeps of a secret. */
export function hashSecret(secret: Uint8Array): string {
  return createHash('sha256').update(secret).digest('hex');
}

function toCheck(body: string): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, CHECK_CHARACTERS);
}
