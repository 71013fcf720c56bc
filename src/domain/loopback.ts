// Addresses that only this machine reaches. Pure.

/** Whether a host, as it is written in an address, is this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || host.startsWith('127.');
}
