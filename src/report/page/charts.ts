// The plots of the page as living ones: they take the place of the drawings once they come near the screen, follow the filters and
// the width, and are drawn at the width of the paper for print.

import { init } from './echarts.ts';
import { toPlots, type PlotMaker } from '../parts.ts';
import type { ReportData, TrialData } from '../report-data.ts';
import { connectPointer } from './pointer.ts';

type Chart = ReturnType<typeof init>;

/** Pixels of an A4 page between margins. */
const PAPER = 680;

/** All plots of the page, and at most one of a trial. */
export class Charts {
  readonly #data: ReportData;
  readonly #makers: Map<string, PlotMaker>;
  readonly #charts = new Map<string, { readonly chart: Chart; readonly element: HTMLElement }>();
  /** Plots near the screen, and those that show what no longer holds: they are drawn once they come near. */
  readonly #near = new Set<Element>();
  readonly #stale = new Set<Element>();
  readonly #resized = new ResizeObserver((entries) => this.#follow(entries));
  #trials: readonly TrialData[];

  constructor(data: ReportData) {
    this.#data = data;
    this.#trials = data.trials;
    this.#makers = new Map(toPlots(data));
  }

  /** Watches for plots that come near the screen, for changes of width, and for print. */
  start(): void {
    const watch = new IntersectionObserver((entries) => this.#approach(entries), {
      rootMargin: '300px',
    });
    for (const element of plotElements()) {
      this.#stale.add(element);
      watch.observe(element);
    }
    window.addEventListener('beforeprint', () => this.#drawAll(PAPER));
    window.addEventListener('afterprint', () => this.#drawAll());
  }

  /** Shows these trials in every plot. */
  show(trials: readonly TrialData[]): void {
    this.#trials = trials;
    for (const element of plotElements()) {
      this.#stale.add(element);
      // One that is hidden, since it had nothing to show, never comes near.
      if (this.#near.has(element) || element.hidden) this.#draw(element);
    }
  }

  /** Draws a plot of its own making into an element; `undefined` takes it away. */
  own(name: string, element: HTMLElement | null, maker: PlotMaker | undefined): void {
    this.#charts.get(name)?.chart.dispose();
    this.#charts.delete(name);
    this.#makers.delete(name);
    if (element === null || maker === undefined) return;
    element.dataset['plot'] = name;
    this.#makers.set(name, maker);
    this.#draw(element);
  }

  #approach(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) this.#near.delete(target);
      else if (target instanceof HTMLElement) {
        this.#near.add(target);
        if (this.#stale.has(target)) this.#draw(target);
      }
    }
  }

  #drawAll(width?: number): void {
    for (const element of plotElements()) if (element.clientWidth > 0) this.#draw(element, width);
  }

  #draw(element: HTMLElement, given?: number): void {
    this.#stale.delete(element);
    const name = element.dataset['plot'] ?? '';
    const width = given ?? element.clientWidth;
    const plot = this.#makers.get(name)?.({ data: this.#data, trials: this.#trials, width });
    const note = document.querySelector(`#note-${name}`);
    if (note !== null) note.textContent = plot?.note ?? '';
    element.hidden = plot?.kind !== 'drawn';
    if (plot?.kind !== 'drawn') return;
    const chart = this.#chartIn(element, name, { width, height: plot.height });
    chart.setOption(plot.option, { notMerge: true });
  }

  #chartIn(element: HTMLElement, name: string, size: { width: number; height: number }): Chart {
    const known = this.#charts.get(name);
    if (known !== undefined) {
      known.chart.resize(size);
      return known.chart;
    }
    element.replaceChildren();
    element.classList.add('live');
    const chart = init(element, null, { renderer: 'svg', ...size });
    connectPointer(chart);
    this.#charts.set(name, { chart, element });
    this.#resized.observe(element);
    return chart;
  }

  #follow(entries: readonly ResizeObserverEntry[]): void {
    for (const { target } of entries) {
      if (!(target instanceof HTMLElement) || target.clientWidth === 0) continue;
      const chart = this.#charts.get(target.dataset['plot'] ?? '')?.chart;
      if (chart !== undefined && chart.getWidth() !== target.clientWidth) this.#draw(target);
    }
  }
}

function plotElements(): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-plot]')];
}
