// The whole dashboard with Ink on a terminal of the tests: keys in, a screen out, and the terminal as it was afterwards.

import { afterEach, expect, test, vi } from 'vitest';
import { runDashboard, type DashboardEnd } from '../../src/dashboard/run-dashboard.tsx';
import type {
  WatchRequest,
  WatchResponse,
  WatchTrialRequest,
  WatchTrialResponse,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import { fakeTerminal, Feed } from './fake-terminal.ts';
import { busySweep, nearResponse, plateauEpochs, watchResponse } from './sample.ts';

type Opened<Request, Response> = { readonly request: Request; readonly stream: Feed<Response> };

type Started = ReturnType<typeof fakeTerminal> & {
  readonly end: Promise<DashboardEnd>;
  readonly opened: Opened<WatchRequest, WatchResponse>[];
  readonly near: Opened<WatchTrialRequest, WatchTrialResponse>[];
  readonly asked: string[];
  readonly sees: (text: string) => Promise<void>;
  readonly type: (keys: string) => void;
};

type Control = Parameters<typeof runDashboard>[0]['control'];

/** A coordinator that answers everything with a number of trials. */
function controlThat(answer: (what: string) => Promise<number>): Control {
  const ask =
    (verb: string) =>
    (...what: readonly (string | number)[]): Promise<number> =>
      answer(`${verb} ${what.join('/')}`);
  return {
    pause: ask('pause'),
    resume: ask('resume'),
    retry: ask('retry'),
    cancel: ask('cancel'),
    drain: async (agentId) => ({ trials: await ask('drain')(agentId) }),
    prioritise: ask('prioritise'),
    clone: async (trialId, changes) => {
      await answer(
        `clone ${trialId} ${changes.map(({ name, value }) => `${name}=${value}`).join(' ')}`,
      );
      return 's1/49';
    },
    explain: async (sweepId, trialId) => {
      await answer(`why ${sweepId}/${trialId}`);
      return {
        state: 'pending',
        reasons: [{ words: 'no slot is free\n  #3 is before it', atMs: 0 }],
      };
    },
  };
}

type Extra = Partial<Parameters<typeof runDashboard>[0]>;

function start(extra: Extra = {}): Started {
  const terminal = fakeTerminal();
  const opened: Started['opened'] = [];
  const near: Started['near'] = [];
  const asked: string[] = [];
  const end = runDashboard({
    source: {
      open: (request) => {
        const stream = new Feed<WatchResponse>();
        opened.push({ request, stream });
        return stream;
      },
      near: (request) => {
        const stream = new Feed<WatchTrialResponse>();
        near.push({ request, stream });
        return stream;
      },
    },
    control: controlThat((what) => {
      asked.push(what);
      return Promise.resolve(2);
    }),
    sweepId: 's1',
    stdin: terminal.stdin,
    stdout: terminal.stdout,
    env: {},
    ...extra,
  });
  const sees = (text: string): Promise<void> =>
    vi.waitFor(() => expect(terminal.display.screen.join('\n')).toContain(text), {
      timeout: 20_000,
    });
  const type = (keys: string): void => void terminal.keyboard.write(keys);
  return { ...terminal, end, opened, near, asked, sees, type };
}

async function startBusy(extra: Extra = {}): Promise<Started> {
  const started = start(extra);
  await started.sees('connecting');
  started.opened[0]?.stream.push(busySweep());
  await started.sees('digits-lr');
  return started;
}

function expectRestored({ display, keyboard }: Started): void {
  expect([...display.modes]).toEqual(['25']);
  expect(keyboard.isRaw).toBe(false);
}

afterEach(() => {
  for (const signal of [
    'SIGINT',
    'SIGTERM',
    'SIGHUP',
    'SIGCONT',
    'exit',
    'uncaughtExceptionMonitor',
  ]) {
    const ours = process
      .listeners(signal as 'SIGINT')
      .filter(({ name }) => /leave|onSignal/.test(name));
    expect(ours).toEqual([]);
  }
});

test('the sweep is drawn on the alternate screen, and q gives the terminal back', async () => {
  const started = await startBusy();
  expect(started.display.modes).toEqual(new Set(['1049']));
  expect(started.keyboard.isRaw).toBe(true);
  expect(started.display.screen[23]).toBe('');
  started.type('q');
  await expect(started.end).resolves.toBe('quit');
  expectRestored(started);
  expect(started.opened[0]?.stream.returned).toBe(true);
});

test('keys that arrive in one piece act one after the other', async () => {
  const started = await startBusy();
  started.type('2jj\u001B[B');
  await started.sees('▸     4');
  started.type('q');
  await started.end;
});

test('opening a trial opens a stream of it, which is left for that of the next', async () => {
  const started = await startBusy();
  started.type('b');
  await vi.waitFor(() => expect(started.near).toHaveLength(1));
  expect(started.near[0]?.request).toEqual({ trialId: 't24', beside: [], output: false });
  started.near[0]?.stream.push(nearResponse('t24', { epochs: [...plateauEpochs(20)] }));
  await started.sees('▾ cut');
  started.type('j');
  await vi.waitFor(() => expect(started.near).toHaveLength(2));
  expect(started.near[0]?.stream.returned).toBe(true);
  expect(started.opened).toHaveLength(1);
  expect(started.opened[0]?.stream.returned).toBe(false);
  started.type('q');
  await started.end;
});

test('a cancellation is sent after y, and its failure is shown', async () => {
  const asked: string[] = [];
  const control = controlThat((what) => {
    asked.push(what);
    return Promise.reject(new Error('not now'));
  });
  const started = await startBusy({ control });
  started.type('c');
  await started.sees('y / n');
  expect(asked).toEqual([]);
  started.type('y');
  await started.sees('not cancelled: not now');
  expect(asked).toEqual(['cancel s1/']);
  started.type('q');
  await started.end;
});

test('a pause is sent at once, and what came of it is shown', async () => {
  const started = await startBusy();
  started.type('p');
  await started.sees('digits-lr: 2 trials paused, those that train from the end of their epoch on');
  started.type('r');
  await started.sees('digits-lr: 2 trials tried again');
  started.type('2c');
  await started.sees('trial #1 is completed already');
  started.type('Gkp');
  await started.sees('#47: paused from the end of its epoch on');
  expect(started.asked).toEqual(['pause s1/', 'retry s1/', 'pause s1/t47']);
  started.type('q');
  await started.end;
});

test('w asks why, and the answer is read in front of the pane until a key', async () => {
  const started = await startBusy();
  started.type('2w');
  await started.sees('Why #1 cosine lr 0.1 restarts 2 is pending');
  await started.sees('now       no slot is free');
  expect(started.asked).toEqual(['why s1/t1']);
  started.type('xq');
  await started.end;
});

test('n asks what a clone has instead, and + and - move a priority by one', async () => {
  const started = await startBusy();
  started.type('2nlearning_rate.lr=0.03 widths=[1, 2] seed=4\r');
  await started.sees('s1/49: cloned from #1, goes on when a slot is free');
  started.type('G+');
  await started.sees('trial #48 is cancelled already');
  started.type('k+');
  await started.sees('#47: priority 1');
  started.type('1-');
  await started.sees('digits-lr: priority -1');
  expect(started.asked).toEqual([
    'clone t1 learning_rate.lr=0.03 widths=[1, 2] seed=4',
    'prioritise s1/1/t47',
    'prioritise s1/-1/',
  ]);
  started.type('2nseed\r');
  await started.sees('a clone needs name=value');
  started.type('q');
  await started.end;
});

test('an agent is chosen, and drained after y', async () => {
  const started = await startBusy();
  started.type('dj');
  await started.sees('▸ borea');
  started.type('\r');
  await started.sees('Drain agent borea?');
  started.type('y');
  await started.sees('borea: hands over what it runs (2 trials), then leaves');
  expect(started.asked).toEqual(['drain a-borea']);
  started.type('q');
  await started.end;
});

test('Ctrl-C ends with an interrupt, or shows what the caller says and stays', async () => {
  const plain = await startBusy();
  plain.type('\u0003');
  await expect(plain.end).resolves.toBe('interrupt');
  expectRestored(plain);
  const answers = ['draining; Ctrl-C again stops'];
  const draining = await startBusy({ onInterrupt: () => answers.shift() });
  draining.type('\u0003');
  await draining.sees('draining; Ctrl-C again stops');
  draining.type('\u0003');
  await expect(draining.end).resolves.toBe('interrupt');
});

test('a signal gives the terminal back before anything else happens', async () => {
  const started = await startBusy();
  process.emit('SIGTERM');
  expectRestored(started);
  await expect(started.end).resolves.toBe('interrupt');
});

test('an error that nobody catches gives the terminal back', async () => {
  const started = await startBusy();
  const monitors = process.listeners('uncaughtExceptionMonitor');
  for (const monitor of monitors) monitor(new Error('a bug'), 'uncaughtException');
  expectRestored(started);
  started.type('q');
  await started.end;
});

test('a terminal that is gone ends the view', async () => {
  const started = await startBusy();
  started.display.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await expect(started.end).resolves.toBe('quit');
});

test('a resize redraws the whole screen in the new size', async () => {
  const started = await startBusy();
  started.display.resize(100, 12);
  await vi.waitFor(() => expect(started.display.screen).toHaveLength(12));
  expect(started.display.screen[0]).toMatch(/2 min 14 s$/);
  expect(started.display.screen[0]).toHaveLength(99);
  expect(started.display.screen[11]).toBe('');
  started.type('q');
  await started.end;
});

test('Ctrl-Z gives the terminal back, and continuing takes it and draws again', async () => {
  let suspended: readonly string[] | undefined;
  const started = await startBusy({
    suspend: () => {
      suspended = [...started.display.modes];
      process.emit('SIGCONT');
    },
  });
  started.type('\u001A');
  await vi.waitFor(() => expect(suspended).toEqual(['25']));
  await started.sees('digits-lr');
  expect(started.display.modes).toEqual(new Set(['1049']));
  expect(started.keyboard.isRaw).toBe(true);
  started.type('q');
  await started.end;
});

test('when the stream breaks it says so and opens another', async () => {
  const started = await startBusy();
  started.opened[0]?.stream.fail(new Error('the line is cut'));
  await started.sees('reconnecting: the line is cut');
  await vi.waitFor(() => expect(started.opened).toHaveLength(2), { timeout: 20_000 });
  started.opened[1]?.stream.push(busySweep());
  await started.sees('● running');
  started.type('q');
  await started.end;
});

test('asked to stay until the end, it ends when the sweep does', async () => {
  const started = await startBusy({ untilEnded: true });
  const sweeps = busySweep().sweeps.map((sweep) => ({ ...sweep, state: 'completed' }));
  started.opened[0]?.stream.push(watchResponse({ complete: false, sweeps }));
  await expect(started.end).resolves.toBe('ended');
  expectRestored(started);
});
