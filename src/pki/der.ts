// Writes DER, the encoding of certificates: every value is a tag, a length and its bytes.
// Promise: only writes. What others send is read by OpenSSL, never here.

/** The tags that certificates use. */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  text: 0x0c,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** UTCTime has two digits for the year, and ends here. */
const UTC_TIME_UNTIL_YEAR = 2050;

/** SEQUENCE. */
export function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(TAG.sequence, ...parts);
}

/** SET of one element: more would have to be sorted. */
export function setOf(part: Buffer): Buffer {
  return tagged(TAG.set, part);
}

/** BOOLEAN. */
export function boolean(value: boolean): Buffer {
  return tagged(TAG.boolean, Buffer.from([value ? 0xff : 0]));
}

/** INTEGER, not negative, from its big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  const from = bytes.findIndex((byte) => byte !== 0);
  const short = from < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(from));
  const isNegative = ((short[0] ?? 0) & 0x80) !== 0;
  return tagged(TAG.integer, isNegative ? Buffer.from([0]) : Buffer.alloc(0), short);
}

/** BIT STRING of which the last `unused` bits do not count. */
export function bits(bytes: Uint8Array, unused = 0): Buffer {
  return tagged(TAG.bits, Buffer.from([unused]), Buffer.from(bytes));
}

/** OCTET STRING. */
export function octets(bytes: Uint8Array): Buffer {
  return tagged(TAG.octets, Buffer.from(bytes));
}

/** UTF8String. */
export function text(value: string): Buffer {
  return tagged(TAG.text, Buffer.from(value));
}

/** OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(TAG.oid, Buffer.from([40 * first + second, ...rest.flatMap(toBase128)]));
}

/** UTCTime or, from 2050 on, GeneralizedTime, as RFC 5280 (4.1.2.5) wants it. */
export function time(ms: number): Buffer {
  const date = new Date(ms);
  const digits = `${date.toISOString().replaceAll(/[-:T]|\.\d+Z$/g, '')}Z`;
  return date.getUTCFullYear() < UTC_TIME_UNTIL_YEAR
    ? tagged(TAG.utcTime, Buffer.from(digits.slice(2)))
    : tagged(TAG.time, Buffer.from(digits));
}

/** A value inside a context tag (EXPLICIT). */
export function explicit(number: number, value: Buffer): Buffer {
  return tagged(0xa0 | number, value);
}

/** Bytes whose own tag a context tag replaces (IMPLICIT). */
export function implicit(number: number, bytes: Uint8Array): Buffer {
  return tagged(0x80 | number, Buffer.from(bytes));
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...toLength(content.byteLength)]), content]);
}

function toLength(bytes: number): readonly number[] {
  if (bytes < 0x80) return [bytes];
  return bytes < 0x100 ? [0x81, bytes] : [0x82, bytes >> 8, bytes & 0xff];
}

function toBase128(value: number): readonly number[] {
  const low = value & 0x7f;
  const high = Math.floor(value / 128);
  return high === 0 ? [low] : [...toBase128(high).map((byte) => byte | 0x80), low];
}
