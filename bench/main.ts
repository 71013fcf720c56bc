// `npm run bench -- NAME`: one file per benchmark.

const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
  backends: async () => (await import('./backends.ts')).benchBackends(),
  gap: async () => (await import('./gap.ts')).benchGap(),
};

const [name = ''] = process.argv.slice(2);
const run = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
if (run === undefined) {
  process.stderr.write(
    `npm run bench -- NAME, where NAME is ${Object.keys(BENCHMARKS).join(' or ')}\n`,
  );
  process.exitCode = 2;
} else {
  await run();
}
