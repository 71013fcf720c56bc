// Metrics of epochs in the ways in which people have them.

import { expect, test } from 'vitest';
import { readMetrics } from '../../../../src/cli/lr/plot/metrics-text.ts';

const TWO = {
  kind: 'named',
  epochs: [
    { epoch: 0, loss: 1, val_loss: Number.NaN },
    { epoch: 1, loss: 0.5 },
  ],
};

test.each([
  [
    'JSON lines',
    '{"epoch":0,"loss":1,"val_loss":"NaN"}\n\n{"epoch":1,"loss":0.5,"val_loss":null}\n',
  ],
  ['a JSON list', '[{"epoch":0,"loss":1,"val_loss":"nan"},{"epoch":1,"loss":0.5}]'],
  [
    'metrics inside',
    '{"epoch":0,"metrics":{"loss":1,"val_loss":"NaN"}}\n{"epoch":1,"metrics":{"loss":0.5}}',
  ],
  ['CSV', '\u{FEFF}epoch,loss,val_loss\r\n0,1.0,nan\r\n1,5e-1,\r\n'],
  ['CSV with quotes and semicolons', '"epoch";"loss";"val_loss"\n0;1;NaN\n1;0.5;'],
  ['a history', '{"epoch":[0,1],\n"loss":[1,0.5],"val_loss":["NaN"]}'],
])('%s', (_, text) => {
  expect(readMetrics(text)).toEqual(TWO);
});

test.each(['1 0.5 -inf', '1\n0.5\n-Infinity\n', '1, 0.5, -inf', '[1, 0.5, "-Infinity"]'])(
  'a plain list: %j',
  (text) => {
    expect(readMetrics(text)).toEqual({ kind: 'plain', values: [1, 0.5, -Infinity] });
  },
);

test.each([
  ['', 'it is empty'],
  ['[1, 2', 'it begins with [ but is no JSON list'],
  ['[1, "x"]', 'item 2: received "x"; it must be a number, "NaN"'],
  ['{"loss": 1}\n{"loss"', 'line 2: received "{\\"loss\\""; it must be a JSON object'],
  ['{"loss": true}', 'line 1, loss: received true; it must be a number'],
  ['loss,val_loss\n1,2\n1', 'line 3: received 1 cells; there must be 2, as in the header'],
  ['loss,val_loss\n1,high', 'line 2, val_loss: received "high"; it must be a number'],
  ['loss', 'it has a header and no epoch'],
  ['1 2\n3 x', 'value 4: received "x"; it must be a number'],
  ['epoch,loss\n0,1\n2,1', 'line 3, epoch: received 2 after 0; it must count on by one'],
])('what is wrong is said with its line, value and rule: %j', (text, problem) => {
  expect(readMetrics(text)).toEqual({ kind: 'wrong', problem: expect.stringContaining(problem) });
});

test('epochs may be counted from 1', () => {
  expect(readMetrics('epoch,loss\n1,3\n2,4')).toMatchObject({ kind: 'named' });
});
