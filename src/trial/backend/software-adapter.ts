// What starting WebGPU throws where the only adapter computes on the processor.
// Promise: thrown for that and nothing else, so that whoever asked can take it in the end all the same.

/** There is a WebGPU adapter, but it is software; `adapter` says which. */
export class SoftwareAdapter extends Error {
  constructor(adapter: string) {
    super(`the only adapter is software (${adapter}), slower than wasm`);
    this.name = 'SoftwareAdapter';
  }
}
