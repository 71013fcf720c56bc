// Fingerprints of certificates.

/** SHA-256 of a certificate's DER, 64 lower-case hexadecimal digits, from the form that Node gives. */
export function toFingerprint({ fingerprint256 }: { readonly fingerprint256: string }): string {
  return fingerprint256.replaceAll(':', '').toLowerCase();
}
