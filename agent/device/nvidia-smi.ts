// Reads what nvidia-smi prints about GPUs. Written from its documented output; it was not run on a GPU.
// Promise: a line that does not describe a GPU is passed over.

/** A GPU of this machine. */
export type Gpu = {
  readonly index: number;
  /** What CUDA_VISIBLE_DEVICES takes; unlike the index it does not depend on the order of enumeration. */
  readonly uuid: string;
  /** Model and memory, for people. */
  readonly description: string;
};

/** The arguments whose output {@link parseGpus} reads. */
export const QUERY = ['--query-gpu=index,uuid,name,memory.total', '--format=csv,noheader'] as const;

/** The GPUs in the output, by index. */
export function parseGpus(output: string): readonly Gpu[] {
  return output
    .split('\n')
    .flatMap((line) => parseLine(line) ?? [])
    .toSorted((a, b) => a.index - b.index);
}

function parseLine(line: string): Gpu | undefined {
  const [index = '', uuid = '', ...rest] = line.split(',').map((field) => field.trim());
  if (!/^\d+$/.test(index) || !/^(GPU|MIG)-[\w/-]+$/.test(uuid)) return undefined;
  const memory = rest.pop() ?? '';
  const name = rest.join(', ');
  const described = [name, memory].filter((field) => field !== '' && !field.startsWith('['));
  return { index: Number(index), uuid, description: described.join(', ') };
}
