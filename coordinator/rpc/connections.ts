// How many connections there are, of everybody and of one address, whoever it is: unknown peers get no further than this.
// Promise: what is too many is closed before anything is read from it, costs no memory and no line of the log.

import { Server as TcpServer, type Socket } from 'node:net';
import type { Server } from '@grpc/grpc-js';
import type { Limits } from '../core/limits.ts';

/** The connections of one server. */
export class Connections {
  readonly #limits: Limits;
  readonly #ofAddress = new Map<string, number>();
  #all = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Watches the sockets of a server that is bound. */
  watch(server: Server): void {
    for (const listener of listenersOf(server))
      listener.on('connection', (socket: Socket) => this.#take(socket));
  }

  #take(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const ofAddress = this.#ofAddress.get(address) ?? 0;
    const { connectionsMost, connectionsOfAddressMost } = this.#limits;
    if (this.#all >= connectionsMost || ofAddress >= connectionsOfAddressMost) {
      // Not before the HTTP/2 layer has taken it, which does not expect a socket that is closed already.
      setImmediate(() => socket.destroy());
      return;
    }
    this.#all += 1;
    this.#ofAddress.set(address, ofAddress + 1);
    socket.once('close', () => this.#release(address));
  }

  #release(address: string): void {
    this.#all -= 1;
    const left = (this.#ofAddress.get(address) ?? 1) - 1;
    if (left === 0) this.#ofAddress.delete(address);
    else this.#ofAddress.set(address, left);
  }
}

/** The listening sockets: grpc-js has them as the keys of a private map, and no other way to see a connection before its first call. */
function listenersOf(server: Server): readonly TcpServer[] {
  const found: unknown = Reflect.get(server, 'http2Servers');
  const listeners = found instanceof Map ? [...found.keys()] : [];
  const sockets = listeners.filter((one) => one instanceof TcpServer);
  if (sockets.length > 0) return sockets;
  throw new Error('this release of grpc-js keeps its listening sockets elsewhere');
}
