import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/simulation/long/*.long.ts'],
    testTimeout: 0,
    maxWorkers: 2,
    disableConsoleIntercept: true,
  },
});
