// Reports and their acknowledgements: nothing is acknowledged that could still be lost.

import { expect, onTestFinished, test } from 'vitest';
import { Uploaders } from '../../../coordinator/rpc/uploaders.ts';
import { Loads } from '../../../coordinator/rpc/loads.ts';
import { admitAnyone } from '../../../coordinator/access/gate.ts';
import { DEFAULT_LIMITS } from '../../../coordinator/core/limits.ts';
import type { Now } from '../../../coordinator/core/model.ts';
import { Loop } from '../../../coordinator/loop.ts';
import { createAgentService } from '../../../coordinator/rpc/agent-service.ts';
import type { Blobs } from '../../../coordinator/store/blobs.ts';
import type { Store } from '../../../coordinator/store/store.ts';
import { openStore } from '../../../coordinator/store/store.ts';
import { ReportRequest, ReportResponse } from '../../../src/wire/generated/espalier/v1/agent.ts';
import { settle } from '../../simulation/gates.ts';
import { talk } from '../../simulation/calls.ts';

const REPORT: ReportRequest = {
  agentId: 'ann',
  sequence: 1,
  stageId: 'small/1@0',
  attempt: 1,
  item: { $case: 'ended', ended: { outcome: 'failed', message: '' } },
};

const now = (): Now => ({ monoMs: 0, wallMs: 0 });

/** What happens, in order, when an agent reports; `commit` is what a commit does after its statements. */
async function reporting(commit: () => void): Promise<readonly string[]> {
  const log: string[] = [];
  const store = openStore(':memory:');
  const transaction: Store['transaction'] = (body) => {
    store.transaction(() => {
      body();
      commit();
    });
    log.push('committed');
  };
  const loop = new Loop({ store: { ...store, transaction }, now, limits: DEFAULT_LIMITS });
  const ports = {
    loop,
    store,
    blobs: {} as Blobs,
    limits: DEFAULT_LIMITS,
    loads: new Loads(),
    uploaders: new Uploaders(),
  };
  const fail = (error: unknown): void => void log.push(`a bug: ${String(error)}`);
  const service = createAgentService(ports, { fail, admit: admitAnyone });
  const codecs = { request: ReportRequest, response: ReportResponse };
  const call = talk(service.report, codecs, ({ acknowledgedSequence }) =>
    log.push(`acknowledged ${acknowledgedSequence}`),
  );
  onTestFinished(() => {
    call.hangUp();
    loop.close();
    store.close();
  });
  call.say(REPORT);
  await settle();
  return log;
}

test('a report is acknowledged after its commit, and never if that fails', async () => {
  expect(await reporting(() => undefined)).toEqual(['committed', 'acknowledged 1']);
  const failing = reporting(() => {
    throw new Error('the disk is full');
  });
  expect(await failing).toEqual([]);
});
