// Every certificate that a coordinator gives out or shows, read, verified and used by OpenSSL's own commands.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCredential } from '../../../src/pki/credential.ts';
import { statePaths } from '../../../src/storage/state-folder.ts';
import { openTls } from '../../../src/wire/probe.ts';
import { renewCredential } from '../../../src/wire/join.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { hasOpenssl, openssl } from '../../support/openssl.ts';
import type { Protected } from '../../support/protected.ts';
import { letIn, protectedCoordinator } from '../../support/protected.ts';

/** What OpenSSL prints of the extensions of a certificate that is for calling, of this holder. */
const CALLS = (uri: string) => [
  /X509v3 Basic Constraints: critical\s+CA:FALSE/,
  /X509v3 Key Usage: critical\s+Digital Signature\n/,
  /X509v3 Extended Key Usage: \s*TLS Web Client Authentication\n/,
  new RegExp(`X509v3 Subject Alternative Name: \\s*URI:espalier://${uri}\\n`),
];

type Given = { readonly pem: string; readonly key?: string };
type Row = readonly [string, (coordinator: Protected) => Promise<Given>, string, RegExp[]];

const ROWS: readonly Row[] = [
  [
    'the authority',
    ({ authority }) => Promise.resolve({ pem: authority.certificate }),
    'any',
    [
      /X509v3 Basic Constraints: critical\s+CA:TRUE, pathlen:0/,
      /X509v3 Key Usage: critical\s+Certificate Sign, CRL Sign\n/,
      /X509v3 Subject Alternative Name: \s*URI:espalier:\/\/authority\n/,
    ],
  ],
  [
    'the coordinator',
    async ({ address, authority }) => {
      const socket = await openTls(address, { authority: authority.certificate });
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      return { pem: toPem(raw) };
    },
    'sslserver',
    [
      /X509v3 Basic Constraints: critical\s+CA:FALSE/,
      /X509v3 Key Usage: critical\s+Digital Signature\n/,
      /X509v3 Extended Key Usage: \s*TLS Web Server Authentication\n/,
      /X509v3 Subject Alternative Name: \s*URI:espalier:\/\/coordinator, DNS:espalier/,
    ],
  ],
  ...(['agent', 'operator', 'reader'] as const).map((kind): Row => [
    `${kind === 'reader' ? 'a' : 'an'} ${kind}`,
    async (coordinator) => toGiven(await letIn(coordinator, kind, 'ada')),
    'sslclient',
    CALLS(`${kind}/ada`),
  ]),
  [
    'an agent, renewed',
    async (coordinator) => {
      const before = await letIn(coordinator, 'agent', 'one');
      return toGiven(await renewCredential(coordinator.address, before));
    },
    'sslclient',
    CALLS('agent/one'),
  ],
  [
    "the coordinator's own host",
    ({ state }) => Promise.resolve(toGiven(readCredential(statePaths(state).local))),
    'sslclient',
    CALLS('operator/local'),
  ],
];

test.skipIf(!hasOpenssl).each(ROWS)(
  'OpenSSL verifies and reads the certificate of %s',
  async (_, give, purpose, texts) => {
    const coordinator = await protectedCoordinator();
    const { pem, key } = await give(coordinator);
    const folder = temporaryFolder();
    const [authority, certificate] = [join(folder, 'authority.pem'), join(folder, 'it.pem')];
    writeFileSync(authority, coordinator.authority.certificate);
    writeFileSync(certificate, pem);
    const trust = ['-x509_strict', '-purpose', purpose, '-CAfile', authority];
    expect(openssl('verify', ...trust, certificate)).toBe(`${certificate}: OK\n`);
    const text = openssl('x509', '-in', certificate, '-noout', '-text');
    for (const words of [
      'Version: 3 (0x2)',
      'ASN1 OID: prime256v1',
      'Signature Algorithm: ecdsa-with-SHA256',
      /Issuer: CN ?= ?Espalier authority\n/,
      'X509v3 Subject Key Identifier',
      'X509v3 Authority Key Identifier',
      ...texts,
    ])
      expect(text).toMatch(words);
    if (key === undefined) return;
    // Its own handshake, with which it comes as far as HTTP/2.
    writeFileSync(join(folder, 'key.pem'), key);
    const own = ['-cert', certificate, '-key', join(folder, 'key.pem')];
    expect(await shakeHands(coordinator, authority, own)).toMatch(
      /Verification: OK[\s\S]*ALPN protocol: h2/,
    );
  },
);

test.skipIf(!hasOpenssl)(
  'OpenSSL refuses the coordinator to whoever trusts another authority',
  async () => {
    const [one, other] = [await protectedCoordinator(), await protectedCoordinator()];
    const path = join(temporaryFolder(), 'other.pem');
    writeFileSync(path, other.authority.certificate);
    expect(await shakeHands(one, path, [])).toMatch(/certificate verify failed|Verification error/);
  },
);

/** What `openssl s_client` says of a handshake with the coordinator. */
async function shakeHands(
  { address }: Protected,
  authority: string,
  own: readonly string[],
): Promise<string> {
  const flags = ['-CAfile', authority, '-verify_return_error', '-x509_strict', '-alpn', 'h2'];
  const name = ['-servername', 'espalier', '-verify_hostname', 'espalier'];
  const child = spawn('openssl', ['s_client', '-connect', address, ...flags, ...name, ...own]);
  child.stdin.on('error', () => undefined).end();
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  return output;
}

function toGiven(
  credential: { readonly certificate: string; readonly key: string } | undefined,
): Given {
  return { pem: credential?.certificate ?? '', key: credential?.key ?? '' };
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
