// Bugs in what is stored and when it is told.

import type { Mutant } from '../mutant.ts';

const LOOP = 'test/coordinator/loop.test.ts';
const SERVICES = 'test/coordinator/services.test.ts';
const STORE = 'test/coordinator/store/open.test.ts';

export const COMMITS: readonly Mutant[] = [
  {
    name: 'answered-before-commit',
    bug: 'whoever handed in an event is answered before it is stored',
    promise: 'durable',
    file: 'coordinator/loop.ts',
    find: 'const events = batch.map((waiting) => waiting.event);',
    replace:
      'const events = batch.map((waiting) => waiting.event); for (const waiting of batch) waiting.resolve([]);',
    suite: { file: LOOP },
    failure: /a commit that fails is told to nobody/,
  },
  {
    name: 'published-before-commit',
    bug: 'watchers are told inside the transaction',
    promise: 'durable',
    file: 'coordinator/loop.ts',
    find: 'const { state, facts } = takeEvents(this.#state, events, this.#ports);',
    replace: `const { store } = this.#ports;
      const transaction = (body: () => void): void =>
        store.transaction(() => { body(); for (const listener of this.#listeners) listener([]); });
      const ports = { ...this.#ports, store: { ...store, transaction } };
      const { state, facts } = takeEvents(this.#state, events, ports);`,
    suite: { file: LOOP },
    failure: /a commit that fails is told to nobody/,
  },
  {
    name: 'acknowledged-before-commit',
    bug: 'a report is acknowledged to its agent before it is stored',
    promise: 'durable',
    file: 'coordinator/rpc/agent-service.ts',
    find: 'const facts = await loop.post(report);',
    replace:
      'const posted = loop.post(report); acknowledgements.add(report, []); const facts = await posted;',
    suite: { file: 'test/coordinator/rpc/agent-service.test.ts' },
    failure: /a report is acknowledged after its commit, and never if that fails/,
  },
  {
    name: 'consequences-committed-later',
    bug: 'what follows from an event, such as the next try, is a commit of its own',
    promise: 'once',
    file: 'coordinator/turn.ts',
    find: `    }
    const at = now();
    take(settle`,
    replace: `    }
  });
  store.transaction(() => {
    const at = now();
    take(settle`,
    suite: { file: LOOP },
    failure: /shares one commit/,
  },
  {
    name: 'retry-committed-later',
    bug: 'the facts of one event are stored one by one',
    promise: 'once',
    file: 'coordinator/turn.ts',
    find: `  store.transaction(() => {
    for (const event of events) {
      const at = now();
      take(decide(state, stamp(event, at, state, store), limits), at);
    }`,
    replace: `  for (const event of events) {
    const at = now();
    for (const fact of decide(state, stamp(event, at, state, store), limits))
      store.transaction(() => take([fact], at));
  }
  store.transaction(() => {`,
    suite: { file: LOOP },
    failure: /shares one commit/,
  },
  {
    name: 'nan-as-null',
    bug: 'a number that is none is stored as it comes, which SQLite takes for NULL',
    promise: 'durable',
    file: 'coordinator/store/number.ts',
    find: "if (Number.isNaN(value)) return { kind: 'nan', value: null };",
    replace: "if (Number.isNaN(value)) return { kind: 'finite', value };",
    suite: { file: SERVICES },
    failure: /NaN and infinities come back as what they were/,
  },
  {
    name: 'infinity-without-sign',
    bug: 'an infinity loses its sign',
    promise: 'durable',
    file: 'coordinator/store/number.ts',
    find: "value > 0 ? '+inf' : '-inf'",
    replace: "value !== 0 ? '+inf' : '-inf'",
    suite: { file: SERVICES },
    failure: /NaN and infinities come back as what they were/,
  },
  {
    name: 'synchronous-normal',
    bug: 'commits are not synced to the disk',
    promise: 'durable',
    file: 'coordinator/store/open.ts',
    find: "db.pragma('synchronous = FULL');",
    replace: '',
    suite: { file: STORE },
    failure: /a commit is synced before it returns/,
  },
  {
    name: 'spool-not-synced',
    bug: 'reports that an agent keeps are not synced to its disk',
    promise: 'durable',
    file: 'agent/state/agent-store.ts',
    find: "database.pragma('synchronous = FULL');",
    replace: '',
    suite: { file: 'test/agent/state/agent-store.test.ts' },
    failure: /a report is synced to the disk before it is sent/,
  },
  {
    name: 'deferred-transaction',
    bug: 'a transaction takes the right to write only when it first writes',
    promise: 'once',
    file: 'coordinator/store/store.ts',
    find: 'db.transaction(body).immediate();',
    replace: 'db.transaction(body).deferred();',
    suite: { file: STORE },
    failure: /nobody else can write from the beginning of a transaction/,
  },
  {
    name: 'write-not-checked',
    bug: 'a statement that changes no row goes unnoticed',
    promise: 'once',
    file: 'coordinator/store/write.ts',
    find: `  assert.equal(
    statement.run(...values).changes,
    1,`,
    replace: `  statement.run(...values);
  assert.equal(
    1,
    1,`,
    suite: { file: 'test/coordinator/store/write.test.ts' },
    failure: /nothing ends twice/,
  },
  {
    name: 'spool-dropped',
    bug: 'an agent that starts again forgets what nobody has acknowledged',
    promise: 'durable',
    file: 'agent/state/agent-store.ts',
    find: '    const { last, first, bytes } = readSpool(database);',
    replace:
      "    database.exec('DELETE FROM spool');\n    const { last, first, bytes } = readSpool(database);",
    suite: { file: 'test/agent/state/agent-store.test.ts' },
    failure: /goes on where this one stopped/,
  },
  {
    name: 'numbers-given-twice',
    bug: 'an agent that starts again with nothing to deliver counts from 1',
    promise: 'once',
    file: 'agent/state/agent-store.ts',
    find: 'const last = numbers?.seq ?? 0;',
    replace: 'const last = spool?.bytes === 0 ? 0 : (numbers?.seq ?? 0);',
    suite: { file: 'test/agent/state/agent-store.test.ts' },
    failure: /numbers go on also when nothing is left to deliver/,
  },
];
