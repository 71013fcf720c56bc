// `npm run bench -- backends`: what each backend of this machine trains in a second, beside tfjs's own cpu backend.
// Promise: backends take turns within one process, five runs each, and medians are compared; so a busy machine slows all of them alike.

import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs';
import { probeBackends } from '../src/trial/backend/probe-backends.ts';
import { selectBackend } from '../src/trial/backend/select-backend.ts';
import type { BackendName } from '../src/trial/backend/select-backend.ts';
import { BATCH, WORKLOADS, trainStep } from './backends/models.ts';
import type { Workload } from './backends/models.ts';
import { toDistribution } from './distribution.ts';
import { print, toProcessors } from './print.ts';

const RUNS = 5;
const RUN_MS = 1000;
const WARM_UP_STEPS = 20;
const WARM_UP_MS = 1000;

/** Prints samples per second of every model on every backend that is present, and the ratio to cpu. Takes a few minutes, nearly all of it cpu's. */
export async function benchBackends(): Promise<void> {
  print(`node ${process.version}, tfjs ${tf.version.tfjs}, ${toProcessors()}`);
  const names = await presentBackends();
  print(
    `batch ${BATCH}, Adam; medians of ${RUNS} runs of about ${RUN_MS / 1000} s each, backends taking turns`,
  );
  for (const [title, make] of Object.entries(WORKLOADS)) {
    print(`\n${title}`);
    const rates = await measure(names, make);
    const reference = rates.get('cpu') ?? Number.NaN;
    for (const [name, rate] of rates) {
      print(
        `  ${name.padEnd(14)} ${rate.toFixed(0).padStart(8)} samples/s ${(rate / reference).toFixed(1).padStart(8)} x cpu`,
      );
    }
  }
}

async function presentBackends(): Promise<BackendName[]> {
  const probes = await probeBackends();
  for (const { name, detail } of probes) print(`  ${name.padEnd(14)} ${detail}`);
  const names = probes.filter(({ present }) => present).map(({ name }) => name);
  // The two packages register one backend between them; the first one loaded is the one measured.
  return names.filter((name) => name !== 'tfjs-node' || !names.includes('tfjs-node-gpu'));
}

/** The median of samples per second, for each backend. */
async function measure(
  names: readonly BackendName[],
  make: () => Workload,
): Promise<Map<BackendName, number>> {
  const workloads = new Map<BackendName, Workload>();
  for (const name of names) {
    await selectBackend([name]);
    const workload = make();
    workloads.set(name, workload);
    await run(workload, WARM_UP_STEPS, WARM_UP_MS);
  }
  const rates = new Map<BackendName, number[]>(names.map((name) => [name, []]));
  for (let turn = 0; turn < RUNS; turn++) {
    for (const [name, workload] of workloads) {
      await selectBackend([name]);
      rates.get(name)?.push(await run(workload, Number.POSITIVE_INFINITY, RUN_MS));
    }
  }
  for (const [name, { model, x, y }] of workloads) {
    await selectBackend([name]);
    model.dispose();
    tf.dispose([x, y]);
  }
  return new Map([...rates].map(([name, all]) => [name, toDistribution(all).median]));
}

/** Samples per second over as many steps as `ms` holds: at least one, at most `steps`. */
async function run(workload: Workload, steps: number, ms: number): Promise<number> {
  const start = performance.now();
  let done = 0;
  do {
    await trainStep(workload, done++);
  } while (done < steps && performance.now() - start < ms);
  return (done * BATCH * 1000) / (performance.now() - start);
}
