// What one has uploaded is not another's to remove.

import { createHash } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { toManifestId } from '../../../src/storage/manifest.ts';
import { protocolMetadata } from '../../../src/wire/channel.ts';
import type { CommitManifestResponse } from '../../../src/wire/generated/espalier/v1/agent.ts';
import { agentAs, clientAs, letIn, protectedCoordinator } from '../../support/protected.ts';

test.each([
  ['that is refused', 'an id that is not that of its files', status.INVALID_ARGUMENT],
  ['of what nobody needs', '', status.OK],
])(
  "an agent's manifest %s removes no file that somebody else has uploaded",
  async (_, id, code) => {
    const coordinator = await protectedCoordinator();
    const ada = clientAs(coordinator, await letIn(coordinator, 'operator', 'ada'));
    const agent = agentAs(coordinator, await letIn(coordinator, 'agent', 'one'));
    const data = Buffer.from('export default 1');
    const sha256 = createHash('sha256').update(data).digest('hex');
    await ada.putBlob(data, sha256);
    const files = [{ path: 'model.json', sha256, sizeBytes: data.length }];
    const checkpoint = { checkpointId: id || toManifestId(files), epoch: 1, files };
    const answered = new Promise<number>((resolve) => {
      const hear = (error: { code: number } | null, _answer?: CommitManifestResponse): void =>
        resolve(error?.code ?? status.OK);
      agent.commitManifest({ stageId: 'small/1@0', checkpoint }, protocolMetadata(), hear);
    });
    expect(await answered).toBe(code);
    expect(await ada.findMissing([sha256])).toEqual([]);
  },
);
