// Writing to a stream no faster than its reader reads: grpc-js buffers without limit otherwise.

import type { Writable } from 'node:stream';

/** Writes one message and waits while the stream is full; resolves false once the stream is gone. */
export async function send<R>(
  stream: Writable & { write(message: R): boolean },
  message: R,
): Promise<boolean> {
  if (stream.destroyed || stream.writableEnded) return false;
  if (stream.write(message)) return true;
  return new Promise((resolve) => {
    const done = (isOpen: boolean) => (): void => {
      stream.off('drain', onDrain).off('close', onClose).off('cancelled', onClose);
      resolve(isOpen);
    };
    const onDrain = done(true);
    const onClose = done(false);
    stream.once('drain', onDrain).once('close', onClose).once('cancelled', onClose);
  });
}
