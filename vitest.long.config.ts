import { defineConfig } from 'vitest/config';

const IS_SOAK = process.env['SOAK'] !== undefined;

export default defineConfig({
  test: {
    include: ['test/simulation/long/*.long.ts', ...(IS_SOAK ? [] : ['test/fuzz/*.test.ts'])],
    // Ten times what `npm test` says to a coordinator, to its agents and in sweep files.
    env: { FUZZ: process.env['FUZZ'] ?? '10' },
    testTimeout: 0,
    maxWorkers: 2,
    disableConsoleIntercept: true,
  },
});
