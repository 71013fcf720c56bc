// The backend WebGPU under Node: Dawn (package `webgpu`) below tfjs-backend-webgpu.
// Promise: the adapter is looked at before tfjs is told of it. None: a plain refusal, without tfjs's warnings. Only software: a refusal of its own kind.

import { SoftwareAdapter } from './software-adapter.ts';
import { use } from './use-backend.ts';

/** As much of a GPUAdapter as is looked at; where the information is depends on the version of Dawn. */
type Adapter = {
  readonly isFallbackAdapter?: boolean;
  readonly info?: Readonly<Record<string, unknown>>;
};

type Gpu = {
  readonly requestAdapter: (options: {
    readonly powerPreference: string;
  }) => Promise<Adapter | null>;
};

/** Makes WebGPU the current backend and says on what it computes. Throws {@link SoftwareAdapter} where only software is there, unless that is allowed. */
export async function startWebgpu(allowSoftware: boolean): Promise<string> {
  const gpu = await provideGpu();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    throw new Error('there is no graphics adapter that Vulkan, Metal or Direct3D can use');
  const device = describe(adapter);
  if (isSoftware(adapter, device) && !allowSoftware) throw new SoftwareAdapter(device);
  await import('@tensorflow/tfjs-backend-webgpu');
  await use('webgpu');
  return `device=${device}`;
}

let provided: Gpu | undefined;

/** Puts Dawn where a browser has it, since tfjs looks there; once, because each instance holds the devices made from it. */
async function provideGpu(): Promise<Gpu> {
  if (provided) return provided;
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const navigator: object = Reflect.get(globalThis, 'navigator') ?? {};
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed for browsers, whose types are left out here
  const gpu = create([]) as unknown as Gpu;
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  provided = gpu;
  return gpu;
}

/** Vendor, architecture and driver of an adapter as one word. */
function describe({ info = {} }: Adapter): string {
  const words = ['vendor', 'architecture', 'description'].map((key) => info[key]);
  const known = words.filter((word) => typeof word === 'string' && word !== '');
  return known.join('/').replaceAll(/\s+/g, '-') || 'unnamed';
}

function isSoftware(adapter: Adapter, device: string): boolean {
  return (
    adapter.isFallbackAdapter === true ||
    adapter.info?.['isFallbackAdapter'] === true ||
    /swiftshader|llvmpipe|lavapipe|software|basic-render/i.test(device)
  );
}
