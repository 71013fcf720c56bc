// Reports in a real browser: drawn, filtered, without a request and without an error, whatever the sweep came to.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SweepRows } from '../../src/results/sweep-rows.ts';
import type { loadAssets } from '../../src/report/load-assets.ts';
import { countShapes, freshAssets, launch, type Opened, openReport } from './open-page.ts';
import { FIVE, sampleRows } from '../../bench/report/sample-rows.ts';

const PLOTS = ['curves', 'parallel', 'map-0', 'map-1', 'importance'];

let browser: Browser;
let assets: Awaited<ReturnType<typeof loadAssets>>;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
  [browser, assets] = await Promise.all([launch(), freshAssets(folder)]);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(
  rows: SweepRows,
  options: Parameters<typeof openReport>[3] = {},
): Promise<Opened> {
  return openReport(browser, assets, rows, options);
}

/** Nothing but the file itself was asked for, and nothing was complained of. */
function expectQuiet({ errors, requests }: Opened): void {
  expect(errors).toEqual([]);
  expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual(
    [],
  );
  expect(requests.filter((url) => url.startsWith('file:'))).toHaveLength(1);
}

describe('a report in Chromium', { timeout: 60_000 }, () => {
  test('draws every plot, without an error and without a request', async () => {
    const opened = await open(sampleRows({ settings: FIVE }));
    for (const name of PLOTS) {
      expect(await countShapes(opened.page, name), name).toBeGreaterThan(8);
    }
    expect(await opened.page.locator('[data-plot]').count()).toBe(PLOTS.length);
    expectQuiet(opened);
  });

  test('says first who won and by how much', async () => {
    const { page } = await open(sampleRows({ settings: FIVE }));
    const words = await page.locator('#answer').innerText();
    expect(words).toMatch(/^plateau won: it beats the best fixed rate\./i);
    expect(words).toMatch(/better than that of fixed lr 0\.01 in the mean of 3 seeds/);
    const { bottom } = (await page.locator('.figures').boundingBox().then(toEdges)) ?? {
      bottom: 1e9,
    };
    expect(bottom).toBeLessThan(800);
  });
});

function toEdges(box: { y: number; height: number } | null): { bottom: number } | undefined {
  return box === null ? undefined : { bottom: box.y + box.height };
}
