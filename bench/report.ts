// How long a report of ten thousand trials takes to be made, and to be opened and filtered in a real browser.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { formatBytes, formatCount } from '../src/dashboard/frame/number.ts';
import { toPage } from '../src/report/html/page.ts';
import { loadAssets } from '../src/report/load-assets.ts';
import { toReport } from '../src/report/to-report.ts';
import { toDistribution, toMs } from './distribution.ts';
import { print } from './print.ts';
import { findChromium } from './report/find-chromium.ts';
import { sampleRows } from './report/sample-rows.ts';
import { manySettings } from './report/many-settings.ts';

const TRIALS = 10_000;
const SEEDS = [1, 2, 3, 4, 5];
const EPOCHS = 50;
const RUNS = 5;

/** Prints the times for ten thousand trials, or as many as are asked for. */
export async function benchReport([given = String(TRIALS)]: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-bench-'));
  const browser = await chromium.launch({ executablePath: findChromium() });
  try {
    const settings = manySettings(Math.ceil(Number(given) / SEEDS.length));
    const rows = sampleRows({ settings, seeds: SEEDS, epochs: EPOCHS, noise: 0.1 });
    const assets = await loadAssets();
    const begin = performance.now();
    const making = { nowMs: Date.now(), version: '', node: process.versions.node };
    const page = toPage(toReport(rows, making), assets);
    const made = performance.now() - begin;
    const file = join(folder, 'report.html');
    writeFileSync(file, page);
    const times = await openOften(browser, pathToFileURL(file).href, rows.trials.length);
    const versions = `Node ${process.versions.node}, Chromium ${browser.version()}`;
    print(`${cpus().length} cores, ${versions}`);
    print(
      `${formatCount(rows.trials.length)} trials of ${EPOCHS} epochs, ${formatCount(settings.length)} settings`,
    );
    print(`  made in ${Math.round(made)} ms, ${formatBytes(Buffer.byteLength(page))}`);
    print(`in Chromium (median / 90 % / greatest of ${RUNS})`);
    for (const [what, values] of times) print(`  ${toMs(toDistribution(values))} ${what}`);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openOften(
  browser: Browser,
  url: string,
  trials: number,
): Promise<ReadonlyMap<string, number[]>> {
  const times = new Map<string, number[]>();
  for (let run = 0; run < RUNS; run += 1) {
    for (const [what, ms] of await openOnce(browser, url, trials))
      times.set(what, [...(times.get(what) ?? []), ms]);
  }
  return times;
}

async function openOnce(
  browser: Browser,
  url: string,
  trials: number,
): Promise<readonly (readonly [string, number])[]> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    const painted = 'new Promise((done) => requestAnimationFrame(() => setTimeout(done)))';
    return [
      await timed('until the page is open and its script has run', async () => {
        await page.goto(url);
        await page.waitForSelector('html[data-ready]');
        await page.evaluate(painted);
      }),
      await timed('until a plot that was scrolled to is alive', async () => {
        await page.locator('#plot-curves').scrollIntoViewIfNeeded();
        await page.waitForSelector('#plot-curves.live svg');
      }),
      await timed('until a filter has been followed', async () => {
        await page.fill('input[name=text]', 'seed 3');
        await page.locator('output', { hasNotText: `${trials} of` }).waitFor();
        await page.evaluate(painted);
      }),
      await timed('until the page of a trial is open', async () => {
        await page.evaluate("location.hash = 'trial/4321'");
        await page.waitForSelector('#plot-trial svg');
      }),
    ];
  } finally {
    await context.close();
  }
}

async function timed(
  what: string,
  act: () => Promise<unknown>,
): Promise<readonly [string, number]> {
  const begin = performance.now();
  await act();
  return [what, performance.now() - begin];
}
