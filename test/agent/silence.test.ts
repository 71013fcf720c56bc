// What an agent stops when its coordinator is silent, with real trials: exclusive ones before they can be given to others, all of them
// at the orphan limit. What they have reported is kept and delivered later.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { poll } from './support/poll.ts';
import { isAlive } from './support/processes.ts';
import { setUp } from './support/set-up.ts';

/** Lines of the agent that tell of an end. */
function ends(lines: readonly string[], stageId: string): readonly string[] {
  return lines.filter((line) => line.startsWith(`stage ${stageId}, attempt 1: lost`));
}

test.each(['is gone', 'is there and mute'])(
  'an exclusive trial ends when the coordinator %s, and any other trains on',
  async (how) => {
    const { coordinator, start, ending } = await setUp();
    coordinator.lostMs = 900;
    const wait = { behaviour: 'wait' };
    coordinator.desire(
      coordinator.toAssignment({ config: wait, exclusive: true }),
      coordinator.toAssignment({ stageId: 's2', slot: 'cpu1', config: wait }),
    );
    const { lines } = start({ slots: 2 });
    await poll('both to open', () =>
      ['s1', 's2'].every((stageId) => coordinator.of('opened', stageId).length > 0),
    );
    if (how === 'is gone') coordinator.stop();
    else coordinator.isMute = true;
    await poll('the end', () => ends(lines, 's1').length === 1);
    expect(ends(lines, 's2')).toEqual([]);
    coordinator.isMute = false;
    if (how === 'is gone') await coordinator.start();
    expect(await ending()).toMatchObject({
      outcome: 'lost',
      message: expect.stringContaining('it is exclusive') as string,
    });
    await poll('the other to run on', () =>
      coordinator.heartbeats.at(-1)?.running.some(({ stageId }) => stageId === 's2'),
    );
    expect(coordinator.of('ended', 's2')).toEqual([]);
  },
);

test('the end of an exclusive trial is told when its process has ended, however stubborn', async () => {
  const { coordinator, start, state } = await setUp();
  const file = join(state, 'pids');
  const config = { behaviour: 'family', pids: file };
  coordinator.desire(coordinator.toAssignment({ config, exclusive: true }));
  start({ epochMs: 300, graceMs: 600 });
  await poll('the end', () => coordinator.of('ended').length > 0);
  const pids: number[] = JSON.parse(readFileSync(file, 'utf8'));
  expect(pids.map(isAlive)).toEqual([false, false, false]);
});

test('a mute coordinator is as good as none: at the orphan limit nothing runs, and what was reported is still there', async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.isAcknowledging = false;
  coordinator.desire(coordinator.toAssignment({ epochs: 9, config: { behaviour: 'wait', at: 2 } }));
  const { lines } = start({ orphanMs: 1_500 });
  await poll('two epochs', () => coordinator.of('epoch').length === 2);
  coordinator.isMute = true;
  await poll('the end', () => ends(lines, 's1').length === 1);
  coordinator.stop();
  coordinator.reports.clear();
  coordinator.isMute = false;
  coordinator.isAcknowledging = true;
  await coordinator.start();
  expect(await ending()).toMatchObject({
    outcome: 'lost',
    message: expect.stringContaining('orphan limit') as string,
  });
  expect(coordinator.of('epoch').map(({ epoch }) => epoch.epoch)).toEqual([0, 1]);
});
