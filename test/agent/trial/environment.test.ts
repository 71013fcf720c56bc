import { expect, test } from 'vitest';
import { toTrialEnvironment } from '../../../agent/trial/environment.ts';

const IDENTITY = { visibleDevices: 'GPU-a', attempt: 's1:2', owner: 'agent/process' };

test('a trial sees what is listed and nothing else', () => {
  const base = {
    PATH: '/bin',
    HOME: '/home/x',
    TF_ENABLE_ONEDNN_OPTS: '0',
    XLA_FLAGS: 'x',
    NVIDIA_TF32_OVERRIDE: '0',
    CUDA_CACHE_PATH: '/c',
    AWS_SECRET_ACCESS_KEY: 'secret',
    NODE_OPTIONS: '--inspect',
    http_proxy: 'http://proxy',
    TFX: 'no',
  };
  expect(toTrialEnvironment(base, IDENTITY)).toEqual({
    PATH: '/bin',
    HOME: '/home/x',
    TF_ENABLE_ONEDNN_OPTS: '0',
    XLA_FLAGS: 'x',
    NVIDIA_TF32_OVERRIDE: '0',
    CUDA_CACHE_PATH: '/c',
    CUDA_VISIBLE_DEVICES: 'GPU-a',
    ESPALIER_ATTEMPT: 's1:2',
    ESPALIER_PROCESS: 'agent/process',
  });
});

test("the slot's GPU replaces whatever the agent itself may see", () => {
  const base = { CUDA_VISIBLE_DEVICES: '0,1,2' };
  const cpu = toTrialEnvironment(base, { ...IDENTITY, visibleDevices: '' });
  expect(cpu['CUDA_VISIBLE_DEVICES']).toBe('');
});
