// The library that makes certificates and reads requests for them (RFC 5280, PKCS #10).
// Promise: it is loaded after what it needs, in the one place, and only by whoever makes or checks something: it takes as long
// to load as all the rest of a command.

// oxlint-disable-next-line import/no-unassigned-import -- the library's dependency injection throws on import without it
import 'reflect-metadata';

export {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
export type { Extension } from '@peculiar/x509';
