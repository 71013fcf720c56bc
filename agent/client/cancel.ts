// Ends calls early.
// Promise: no stream is reset while its connection is receiving. Node 20.13 and later, without the fix of nodejs/node#64113, then
// loop for ever inside the HTTP/2 library and take all memory.

/** Cancels a call once the event loop is out of whatever callback this is called from. */
export function cancelSoon(call: { cancel(): void }): void {
  setImmediate(() => call.cancel());
}
