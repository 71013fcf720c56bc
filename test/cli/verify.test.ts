// `espalier verify` as it prints, and the status that it ends with.

import { expect, onTestFinished, test, vi } from 'vitest';
import { runVerify } from '../../src/cli/verify.ts';
import { toExitStatus } from '../../src/domain/errors.ts';
import { HONEST, recordSweep } from '../agent/verify/record-sweep.ts';

const FIXED = { strategy: 'fixed', lr: 0.1 };

/** What `espalier verify ...args` prints for the sweep in `state`, and the code of its failure. */
async function verify(
  state: string,
  [sweep = '', ...trials]: readonly string[],
  json?: true,
): Promise<{ readonly output: string; readonly code: string | undefined }> {
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  onTestFinished(() => write.mockRestore());
  const options = { state, slots: 1, ...(json && { json }) };
  const settings = { trialArgv: HONEST, graceMs: 100, log: () => undefined };
  const code = await runVerify(sweep, trials, options, settings).then(
    () => undefined,
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
  write.mockRestore();
  return { output: written.join(''), code };
}

test('a line for each trial, a sum, and no failure where every number is the same', async () => {
  const state = recordSweep([
    { strategy: FIXED },
    { strategy: FIXED, done: 1 },
    { strategy: FIXED, done: 0 },
  ]);
  expect(await verify(state, ['s'])).toEqual({
    output: 's/1  8 epochs  same\ns/2  1 epoch  same\ns: 2 same, 1 without recorded epochs\n',
    code: undefined,
  });
});

test('the first number that is not the same is shown, with both values in full', async () => {
  const change = `
    UPDATE metric SET value = 0.2500000000000001 WHERE stage_id = 's/1@2' AND epoch > 5 AND name = 'loss';
    UPDATE epoch SET steps = 5 WHERE stage_id = 's/1@2' AND epoch = 6;
    UPDATE stage SET steps_per_epoch = 5 WHERE stage_id = 's/2@0';
    DELETE FROM epoch WHERE stage_id = 's/3@2' AND epoch = 7`;
  const state = recordSweep(
    [{ strategy: FIXED }, { strategy: FIXED }, { strategy: FIXED }],
    change,
  );
  const { output, code } = await verify(state, ['s']);
  expect(output.split('\n')).toEqual([
    's/1  epoch 6: steps 5 recorded, 4 now and 1 other number in it; 2 of 8 epochs differ',
    's/2  steps_per_epoch 5 recorded, 4 now',
    's/3  epoch 7: not recorded; 1 of 8 epochs differ',
    's: 3 different',
    '',
  ]);
  expect(code).toBe('differs');
  expect(toExitStatus('differs')).toBe(9);
});

test('what was recorded on something else is said once, in words, and is no agreement', async () => {
  const change = `UPDATE stage SET numerics = 'a GPU of old'`;
  const state = recordSweep([{ strategy: FIXED }, { strategy: FIXED }], change);
  expect(await verify(state, ['s'])).toEqual({
    output: [
      's/1  not compared',
      's/2  not compared',
      'recorded on: a GPU of old',
      'this machine: honest of cpu',
      'Other backends, versions, threads or devices give other bits, so nothing was compared.',
      's: 2 not compared\n',
    ].join('\n'),
    code: 'unavailable',
  });
});

test('a trial that fails says why; one that differs besides decides the status', async () => {
  const fails = { strategy: FIXED, config: { behaviour: 'throw' } };
  const change = `UPDATE epoch SET steps = 5 WHERE stage_id = 's/2@2' AND epoch = 6`;
  const state = recordSweep([fails, { strategy: FIXED }], change);
  const { output, code } = await verify(state, ['s']);
  expect(output).toContain('s/1  failed in open: no such layer: attention\n    the last lines');
  expect(output).toContain('s: 1 different, 1 failed\n');
  expect(code).toBe('differs');
  expect((await verify(state, ['s', '1'])).code).toBe('trials-failed');
});

test('trials are named by number or in full, each is trained once, and those of other sweeps are refused', async () => {
  const state = recordSweep([{ strategy: FIXED }, { strategy: FIXED }, { strategy: FIXED }]);
  const { output } = await verify(state, ['s', '2', 's/2', '3']);
  expect(output).toBe('s/2  8 epochs  same\ns/3  8 epochs  same\ns: 2 same\n');
  expect((await verify(state, ['s/1'])).output).toBe('s/1  8 epochs  same\ns: 1 same\n');
  expect((await verify(state, ['s', '4'])).code).toBe('not-found');
  expect((await verify(state, ['t'])).code).toBe('not-found');
});

test('where nothing is recorded there is nothing to say', async () => {
  const state = recordSweep([{ strategy: FIXED, done: 0 }]);
  expect(await verify(state, ['s'])).toEqual({ output: '', code: 'not-found' });
});

test('JSON has every difference', async () => {
  const change = `UPDATE metric SET kind = 'nan', value = NULL WHERE stage_id = 's/1@2' AND epoch = 6 AND name = 'loss';
    DELETE FROM metric WHERE stage_id = 's/1@2' AND epoch = 7 AND name = 'val_odd'`;
  const state = recordSweep([{ strategy: FIXED }], change);
  const { output, code } = await verify(state, ['s'], true);
  expect(JSON.parse(output)).toEqual({
    sweep: 's',
    differs: 1,
    failed: 0,
    elsewhere: 0,
    same: 0,
    unrecorded: 0,
    trials: [
      {
        trial: 's/1',
        result: 'differs',
        epochs: 8,
        different: [
          { epoch: 6, differences: [{ what: 'loss', recorded: 'NaN', now: expect.any(Number) }] },
          { epoch: 7, differences: [{ what: 'val_odd', recorded: null, now: 0 }] },
        ],
      },
    ],
  });
  expect(code).toBe('differs');
});
