// A report in a real browser, with everything on record that it should not do.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { findChromium } from '../../bench/report/find-chromium.ts';
import type { SweepRows } from '../../src/results/sweep-rows.ts';
import { toPage } from '../../src/report/html/page.ts';
import { loadAssets } from '../../src/report/load-assets.ts';
import { toReport } from '../../src/report/to-report.ts';
import { temporaryFolder } from '../support/folder.ts';

const BUNDLER = join(import.meta.dirname, '../../scripts/bundle-report.js');

/** Bundles the parts of the page from their sources, whatever dist holds. */
export async function freshAssets(folder: string): ReturnType<typeof loadAssets> {
  execFileSync(process.execPath, [BUNDLER, folder]);
  return loadAssets(pathToFileURL(`${folder}/`));
}

/** A headless Chromium. @throws Error with what to install where there is none */
export async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium() });
}

/** A page that is open, and its errors and requests so far. */
export type Opened = {
  readonly page: Page;
  readonly html: string;
  readonly errors: readonly string[];
  readonly requests: readonly string[];
};

/** Writes the report of some rows to a file and opens that, until its script has done its work. */
export async function openReport(
  browser: Browser,
  assets: Awaited<ReturnType<typeof loadAssets>>,
  rows: SweepRows,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const making = { nowMs: Date.UTC(2026, 0, 3), version: '0.1.0', node: '20' };
  const html = toPage(toReport(rows, making), assets);
  const file = join(temporaryFolder(), 'report.html');
  writeFileSync(file, html);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const [errors, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  if (options.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready]');
  return { page, html, errors, requests };
}

/** Scrolls to a plot and says how many shapes of it are drawn: paths, lines and texts with a size. */
export async function countShapes(page: Page, name: string): Promise<number> {
  await page.locator(`#plot-${name}`).scrollIntoViewIfNeeded();
  await page.waitForSelector(`#plot-${name}.live svg`);
  const shapes = `[...document.querySelectorAll('#plot-${name} :is(path, polyline, text)')]`;
  const count: unknown = await page.evaluate(
    `${shapes}.map((shape) => shape.getBBox()).filter(({ width, height }) => width + height > 0).length`,
  );
  return Number(count);
}
