import { expect, test } from 'vitest';
import { parseGpus } from '../../../agent/device/nvidia-smi.ts';

test('every GPU is read with what CUDA_VISIBLE_DEVICES takes', () => {
  const output = `1, GPU-6c4f8b1e-0000-1111-2222-333344445555, NVIDIA A100-SXM4-80GB, 81920 MiB
0, GPU-5b3e7a0d-0000-1111-2222-333344445555, NVIDIA A100-SXM4-80GB, 81920 MiB
`;
  expect(parseGpus(output)).toEqual([
    {
      index: 0,
      uuid: 'GPU-5b3e7a0d-0000-1111-2222-333344445555',
      description: 'NVIDIA A100-SXM4-80GB, 81920 MiB',
    },
    {
      index: 1,
      uuid: 'GPU-6c4f8b1e-0000-1111-2222-333344445555',
      description: 'NVIDIA A100-SXM4-80GB, 81920 MiB',
    },
  ]);
});

test('what the driver does not know is left out of the description', () => {
  const uuid = 'GPU-00000000-1111-2222-3333-444444444444';
  expect(parseGpus(`0, ${uuid}, NVIDIA GB10, [N/A]\r\n`)[0]?.description).toBe('NVIDIA GB10');
  expect(parseGpus(`0, ${uuid}, [Unknown Error], [Not Supported]`)[0]?.description).toBe('');
});

test('a name with a comma keeps it', () => {
  const uuid = 'GPU-00000000-1111-2222-3333-444444444444';
  expect(parseGpus(`0, ${uuid}, Card, large, 1 MiB`)[0]?.description).toBe('Card, large, 1 MiB');
});

test.each([
  'No devices were found',
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
  'Unable to determine the device handle for GPU 0000:01:00.0: GPU is lost.',
  '',
  '0, [N/A], NVIDIA A100, 1 MiB',
])('%j names no GPU', (output) => {
  expect(parseGpus(output)).toEqual([]);
});
