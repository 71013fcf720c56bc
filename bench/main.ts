// `npm run bench -- NAME [ARGUMENT…]`: one file per benchmark.

const BENCHMARKS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  backends: async () => (await import('./backends.ts')).benchBackends(),
  'clr-paper': async (args) => (await import('./clr-paper.ts')).benchClrPaper(args),
  dashboard: async () => (await import('./dashboard.ts')).benchDashboard(),
  faults: async (args) => (await import('./faults.ts')).benchFaults(args),
  gap: async () => (await import('./gap.ts')).benchGap(),
  lr: async () => (await import('./lr.ts')).benchLr(),
  report: async (args) => (await import('./report.ts')).benchReport(args),
  restart: async (args) => (await import('./restart.ts')).benchRestart(args),
  sharing: async (grids) => (await import('./sharing.ts')).benchSharing(grids),
};

const [name = '', ...args] = process.argv.slice(2);
const run = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
if (run === undefined) {
  process.stderr.write(
    `npm run bench -- NAME, where NAME is ${Object.keys(BENCHMARKS).join(' or ')}\n`,
  );
  process.exitCode = 2;
} else {
  await run(args);
}
