// The version of what agents, coordinator and command line say to each other.
// Promise: two releases either speak the same protocol or refuse each other in words.

/** The protocol of this release. It rises when a peer of the older release would misunderstand the newer one. */
export const PROTOCOL = '2';

/** The metadata key that carries {@link PROTOCOL} on every call. */
export const PROTOCOL_KEY = 'espalier-protocol';
