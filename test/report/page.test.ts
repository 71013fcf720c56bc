// Reports in a real browser: drawn, filtered, without a request and without an error, whatever the sweep came to.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manySettings } from '../../bench/report/many-settings.ts';
import { FIVE, type Sample, sampleRows } from '../../bench/report/sample-rows.ts';
import type { loadAssets } from '../../src/report/load-assets.ts';
import { countShapes, freshAssets, launch, type Opened, openReport } from './open-page.ts';

const PLOTS = ['curves', 'parallel', 'map-0', 'map-1', 'importance'];

let browser: Browser;
let assets: Awaited<ReturnType<typeof loadAssets>>;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
  [browser, assets] = await Promise.all([launch(), freshAssets(folder)]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(
  sample: Sample,
  options: Parameters<typeof openReport>[3] = {},
): Promise<Opened> {
  return openReport(browser, assets, sampleRows(sample), options);
}

/** Nothing but the file itself was asked for, and nothing was complained of. */
function expectQuiet({ errors, requests }: Opened): void {
  expect(errors).toEqual([]);
  const others = requests.filter((url) => !url.startsWith('data:'));
  expect(others.map((url) => url.slice(0, 5))).toEqual(['file:']);
}

async function drawAll({ page }: Opened): Promise<readonly number[]> {
  const names: unknown = await page.evaluate(
    "[...document.querySelectorAll('[data-plot]:not([hidden])')].map(({ dataset }) => dataset.plot)",
  );
  if (!Array.isArray(names)) throw new TypeError('no list of plots');
  const counts: number[] = [];
  for (const name of names) counts.push(await countShapes(page, String(name)));
  return counts;
}

describe('a report in Chromium', { timeout: 120_000 }, () => {
  test('draws every plot, without an error and without a request', async () => {
    const opened = await open({ settings: FIVE });
    const counts = await drawAll(opened);
    expect(counts).toHaveLength(PLOTS.length);
    for (const [i, count] of counts.entries()) expect(count, PLOTS[i]).toBeGreaterThan(8);
    expectQuiet(opened);
  });

  test('says on the first screen who won and by how much', async () => {
    const { page } = await open({ settings: FIVE });
    const words = await page.locator('#answer').innerText();
    expect(words).toMatch(/^plateau won: it beats the best fixed rate\./i);
    expect(words).toMatch(/better than that of fixed lr 0\.01 in the mean of 3 seeds/);
    const box = await page.locator('.figures').boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 1e9)).toBeLessThan(800);
  });

  test('follows its filters in tables and plots, and lets them go', async () => {
    const opened = await open({ settings: FIVE });
    const { page } = opened;
    const rows = page.locator('#leaderboard tbody tr');
    const curves = page.locator('#plot-curves path[fill="none"]');
    await countShapes(page, 'curves');
    const [allRows, allCurves] = [await rows.count(), await curves.count()];
    expect(allRows).toBe(FIVE.length);
    await page.locator('.chip', { hasText: 'plateau' }).click();
    await page.locator('output', { hasText: '12 of 18' }).waitFor();
    expect(await rows.allInnerTexts().then((texts) => texts.join())).not.toContain('plateau');
    expect(await rows.count()).toBe(allRows - 2);
    expect(await curves.count()).toBeLessThan(allCurves);
    await page.fill('input[name=text]', 'lr 0.01 seed 2');
    await page.locator('output', { hasText: '2 of 18' }).waitFor();
    await page.fill('input[name=text]', 'nothing is called so');
    await page.locator('output', { hasText: '0 of 18' }).waitFor();
    expect(await page.locator('#plot-curves').isVisible()).toBe(false);
    await page.click('button[type=reset]');
    await page.locator('output', { hasText: '18 of 18' }).waitFor();
    expect(await rows.count()).toBe(allRows);
    expect(await countShapes(page, 'curves')).toBeGreaterThan(8);
    expect(await curves.count()).toBe(allCurves);
    expectQuiet(opened);
  });

  test('has a page for every trial, and a way back', async () => {
    const opened = await open({ settings: FIVE });
    const { page } = opened;
    await page.locator('#trials a', { hasText: /^#8$/ }).click();
    await page.locator('h1', { hasText: 'sample/8' }).waitFor();
    expect(await countShapes(page, 'trial')).toBeGreaterThan(8);
    expect(await page.locator('#trial').innerText()).toContain(
      'plateau lr 0.1 factor 0.5 patience 2, seed 2',
    );
    expect(await page.locator('#report').isVisible()).toBe(false);
    await page.keyboard.press('Escape');
    await page.locator('#report').waitFor();
    expect(await page.locator('#trial').isVisible()).toBe(false);
    expectQuiet(opened);
  });

  test('opens a trial from its curve', async () => {
    const { page } = await open({ settings: FIVE.slice(0, 1), seeds: [1] });
    await countShapes(page, 'curves');
    await page.locator('#plot-curves path[fill="none"]').last().dispatchEvent('click');
    const line = await page.locator('#plot-curves svg').boundingBox();
    for (let y = 30; y < 350 && !page.url().includes('#trial/'); y += 1)
      await page.mouse.click((line?.x ?? 0) + 500, (line?.y ?? 0) + y);
    expect(page.url()).toMatch(/#trial\/1$/);
  });

  test('reads without scripts: the answer, tables and drawings', async () => {
    const { page } = await open({ settings: FIVE }, { javaScriptEnabled: false });
    expect(await page.locator('h1').innerText()).toMatch(/plateau won/i);
    expect(await page.locator('#leaderboard tbody tr').count()).toBe(FIVE.length);
    expect(await page.locator('[data-plot] svg').count()).toBe(PLOTS.length);
    expect(await page.locator('.filters').isVisible()).toBe(false);
  });

  test('shows names as text that would be markup or script', async () => {
    const evil = '</script><img src=x onerror=document.title="hit"><!-- <script>';
    const opened = await open({
      settings: FIVE.map((setting) => ({
        ...setting,
        config: { [evil]: evil, width: setting.level },
      })),
      sweep: {
        metric: evil,
        sweep_file: evil,
        files_json: JSON.stringify([{ path: evil, sha256: evil }]),
      },
      change: ({ number }) => ({
        config_label: `${evil} ${number % 2}`,
        ...(number === 1 ? { state: 'failed', message: evil } : {}),
      }),
    });
    const { page, html } = opened;
    await drawAll(opened);
    await page.locator('#plot-map-0 path').first().hover({ force: true });
    await page.locator('#plot-curves').hover({ force: true });
    await page.goto(`${page.url().split('#')[0]}#trial/1`);
    await page.locator('#plot-trial svg').waitFor();
    await page.locator('#plot-trial').hover();
    expect(await page.locator('#trial pre').first().innerText()).toBe(evil);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).not.toContain('hit');
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expectQuiet(opened);
  });

  test('allows no script but its own', async () => {
    const { page } = await open({ settings: FIVE });
    const ran = await page.evaluate(`new Promise((done) => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => done(violatedDirective));
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
    })`);
    expect(ran).toBe('script-src-elem');
    expect(await page.evaluate('window.ran')).toBeUndefined();
  });

  test('fits a phone: nothing reaches over the edge, the answer comes first', async () => {
    const opened = await open({ settings: FIVE }, { viewport: { width: 360, height: 740 } });
    const counts = await drawAll(opened);
    expect(counts).toHaveLength(PLOTS.length);
    expect(await opened.page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const box = await opened.page.locator('.sure').boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 1e9)).toBeLessThan(740);
    expectQuiet(opened);
  });

  test('prints on the width of a page, on white, without what only a screen can do', async () => {
    const { page } = await open(
      { settings: FIVE },
      { viewport: { width: 690, height: 980 }, colorScheme: 'dark' },
    );
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(690);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    );
    expect(await page.locator('.filters').isVisible()).toBe(false);
    expect(await page.locator('h1').isVisible()).toBe(true);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });

  const ODD: Readonly<Record<string, Sample & { readonly words: RegExp }>> = {
    'still running': {
      settings: FIVE,
      sweep: { state: 'running', ended_ms: null },
      change: ({ number }) =>
        number % 3 === 0 ? { state: 'pending', epochs_done: 0, best_value: null } : {},
      words: /^so far plateau leads/i,
    },
    'not begun': {
      settings: FIVE,
      sweep: { state: 'running', ended_ms: null },
      change: () => ({
        state: 'pending',
        epochs_done: 0,
        best_value: null,
        best_epoch: null,
        last_value: null,
        last_kind: null,
      }),
      words: /^No trial has completed/,
    },
    'one seed': { settings: FIVE, seeds: [1], words: /how sure that is cannot be said/ },
    'one strategy': { settings: FIVE.slice(0, 2), words: /^fixed lr 0\.01 won/i },
    'one trial': { settings: FIVE.slice(0, 1), seeds: [1], words: /only setting/ },
    'one epoch': { settings: FIVE, epochs: 1, words: /won/ },
    'without a fixed rate': { settings: FIVE.slice(2), words: /beats the best cyclic/ },
    'all failed': {
      settings: FIVE,
      change: () => ({ state: 'failed', best_value: null, message: 'out of memory' }),
      words: /^Every trial failed/,
    },
    'numbers that are none': {
      settings: FIVE,
      report: (value, trial, epoch) => {
        if (trial % 3 === 0) return ['nan', null];
        return epoch === 2 ? ['+inf', null] : ['finite', value];
      },
      change: ({ number }) =>
        number % 3 === 0
          ? { state: 'diverged', best_value: null, last_value: null, last_kind: 'nan' }
          : {},
      words: /plateau won/i,
    },
    maximised: {
      settings: FIVE,
      sweep: { mode: 'max', metric: 'accuracy_of_the_validation' },
      words: /cyclic won/i,
    },
    'values below zero': {
      settings: FIVE.map((setting) => ({ ...setting, level: setting.level - 5 })),
      words: /plateau won/i,
    },
  };

  for (const [name, { words, ...sample }] of Object.entries(ODD)) {
    test(`reads right for a sweep: ${name}`, async () => {
      const opened = await open(sample);
      expect(await opened.page.locator('h1').innerText()).toMatch(words);
      for (const count of await drawAll(opened)) expect(count).toBeGreaterThan(4);
      await opened.page.evaluate("location.hash = 'trial/1'");
      await opened.page.locator('h1', { hasText: 'sample/1' }).waitFor();
      expectQuiet(opened);
    });
  }

  test('is below three megabytes without its data for 200 trials', async () => {
    const { html } = await open({ settings: manySettings(50), seeds: [1, 2, 3, 4], epochs: 30 });
    const data = /<script type="application\/json" id="data">[^<]*<\/script>/.exec(html)?.[0] ?? '';
    expect(data.length).toBeGreaterThan(100_000);
    expect(Buffer.byteLength(html) - Buffer.byteLength(data)).toBeLessThan(3e6);
  });
});
