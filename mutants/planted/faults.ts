// Bugs in what happens when networks are cut, disks run full and processes are stopped.

import type { Mutant } from '../mutant.ts';

const PARTITION = 'test/e2e/faults/partition.test.ts';

export const FAULTS: readonly Mutant[] = [
  {
    name: 'standstill-counts',
    bug: 'agents count as silent while the coordinator itself stood still',
    promise: 'coordinator',
    file: 'coordinator/loop.ts',
    find: 'if (ms === 0) return;',
    replace: 'if (ms >= 0) return;',
    suite: { file: 'test/coordinator/loop.test.ts' },
    failure: /a loop that stood still excuses its agents before it decides anything else/,
  },
  {
    name: 'no-room-is-a-failure',
    bug: 'a disk that is full counts as a failure of the trial that wrote to it',
    promise: 'limits',
    file: 'agent/trial/messages.ts',
    find: "NO_ROOM.test(message) ? 'lost'",
    replace: "NO_ROOM.test(message) ? 'failed'",
    suite: { file: 'test/agent/trial/messages.test.ts' },
    failure: /a disk that takes nothing more is the host’s fault/,
  },
  {
    name: 'full-disk-unnoticed',
    bug: 'an agent whose disk takes nothing more goes on as if its reports were kept',
    promise: 'durable',
    file: 'agent/state/agent-store.ts',
    find: '      this.#fail(toStoreError(error, this.#database.name));\n      return;',
    replace: '      toStoreError(error, this.#database.name);\n      return;',
    suite: { file: 'test/e2e/faults/full-disk.test.ts', tests: 'a full disk of an agent' },
    failure: /waited \d+ ms for the end of the agent/,
  },
  {
    name: 'sent-is-acknowledged',
    bug: 'an agent lets go of a report when it is sent',
    promise: 'durable',
    file: 'agent/client/report-stream.ts',
    find: '      this.#sent = sequence;\n',
    replace: '      this.#sent = sequence;\n      this.#store.acknowledge(sequence);\n',
    suite: { file: PARTITION, tests: 'nothing is repeated' },
    failure: /nothing is repeated after cuts both ways and one way/,
  },
  {
    name: 'silence-unnoticed',
    bug: 'nobody asks a connection whether it still lives',
    promise: 'ends',
    file: 'src/wire/channel.ts',
    find: "'grpc.keepalive_time_ms': 20_000,",
    replace: "'grpc.keepalive_time_ms': 20_000_000,",
    suite: { file: PARTITION, tests: 'nothing is repeated' },
    failure: /waited \d+ ms for it to notice/,
  },
];
