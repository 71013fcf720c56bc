// The table of rights against the services as they are.

import { expect, test } from 'vitest';
import { findRefusal, JOIN_PATH } from '../../../coordinator/access/rights.ts';
import { KINDS } from '../../../src/pki/identity.ts';
import { AgentServiceService } from '../../../src/wire/generated/espalier/v1/agent.ts';
import { BlobServiceService } from '../../../src/wire/generated/espalier/v1/blob.ts';
import { JoinServiceService } from '../../../src/wire/generated/espalier/v1/join.ts';
import { SweepServiceService } from '../../../src/wire/generated/espalier/v1/sweep.ts';

test('every method of every service may be called by those whom this table names', () => {
  const services = [
    AgentServiceService,
    BlobServiceService,
    SweepServiceService,
    JoinServiceService,
  ];
  const paths = services.flatMap((service) => Object.values(service).map(({ path }) => path));
  const table = Object.fromEntries(
    paths
      .filter((path) => path !== JOIN_PATH)
      .map((path) => [
        path.replace('/espalier.v1.', ''),
        KINDS.filter((kind) => findRefusal(kind, path) === undefined).join(' '),
      ]),
  );
  expect(table).toEqual({
    'AgentService/Session': 'agent',
    'AgentService/Report': 'agent',
    'AgentService/GetHistory': 'agent',
    'AgentService/GetMembers': 'agent',
    'AgentService/CommitManifest': 'agent',
    'BlobService/FindMissing': 'agent operator',
    'BlobService/PutBlob': 'agent operator',
    'BlobService/GetBlob': 'agent operator',
    'SweepService/Submit': 'operator',
    'SweepService/Control': 'operator',
    'SweepService/Watch': 'operator reader',
    'SweepService/WatchTrial': 'operator reader',
    'SweepService/Explain': 'operator reader',
    'JoinService/Renew': 'agent operator reader',
  });
});
