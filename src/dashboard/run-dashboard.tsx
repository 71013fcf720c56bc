// The dashboard at work: what comes in becomes messages, `update` decides, effects are done, frames are drawn.
// Promise: the terminal is given back however this ends; the coordinator is only ever asked for what a person's key asked for.

import { EspalierError } from '../domain/errors.ts';
import type { WatchTrialResponse } from '../wire/generated/espalier/v1/sweep.ts';
import { colourDepthOf } from './rim/colour-depth.ts';
import { perform, toAnswerMessage, type Control } from './control/perform.ts';
import { answerWhy, type Explainer } from './control/why.ts';
import { follow, type NearSource, type WatchSource } from './follow.ts';
import { frame } from './frame/frame.ts';
import type { View } from './rim/ink-view.tsx';
import {
  hasEnded,
  initialModel,
  type Command,
  type Effect,
  type Message,
  type Model,
  type Size,
  type WatchScope,
} from './model.ts';
import { Pace } from './rim/pace.ts';
import { Screen } from './rim/screen.ts';
import { Terminal } from './rim/terminal.ts';
import { update } from './update.ts';

const TICK_MS = 1000;
const TICKS_A_REPAINT = 10;

/** How the view ended: the person quit, wanted everything to stop (Ctrl-C or a signal), or the sweep reached its end. */
export type DashboardEnd = 'quit' | 'interrupt' | 'ended';

/** What the dashboard works with. */
export type DashboardOptions = {
  readonly source: WatchSource & NearSource;
  /** A rejection is shown to the person. */
  readonly control: Control & Explainer;
  /** The sweep to watch; all if it is missing. */
  readonly sweepId?: string;
  /** A terminal that can be set to raw mode. */
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** True where the coordinator would refuse to be steered; keys that steer say so. */
  readonly mayOnlyRead?: boolean;
  /** Ends with `ended` once everything watched has reached a final state. */
  readonly untilEnded?: boolean;
  /** Called for each Ctrl-C: a text is shown and the view stays; without one, the view ends with `interrupt`. */
  readonly onInterrupt?: () => string | undefined;
  /** Suspends the process until SIGCONT; by default the whole foreground group, as the terminal itself would. */
  readonly suspend?: () => void;
};

/** Shows the dashboard until it ends. Rejects only if the view itself breaks. */
export async function runDashboard(options: DashboardOptions): Promise<DashboardEnd> {
  // React's development build keeps a record of every render; it is chosen when React is first imported.
  process.env['NODE_ENV'] ??= 'production';
  const { mountView } = await import('./rim/ink-view.tsx');
  const dashboard = new Dashboard(options);
  return dashboard.run((screen, onKey) => mountView(options.stdin, screen, onKey));
}

type Mount = (screen: Screen, onKey: (key: string) => void) => View;

class Dashboard {
  readonly #options: DashboardOptions;
  readonly #terminal: Terminal;
  readonly #screen: Screen;
  readonly #pace: Pace;
  readonly #end: Promise<DashboardEnd>;
  #finish: (end: DashboardEnd) => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;
  #view: View | undefined;
  #model: Model;
  readonly #stream = new AbortController();
  #near = new AbortController();
  #ticks = 0;

  constructor(options: DashboardOptions) {
    const { stdin, stdout, env, sweepId = '' } = options;
    this.#options = options;
    this.#screen = new Screen(stdout);
    this.#model = initialModel(sweepId, sizeOf(stdout), colourDepthOf(stdout, env), {
      zoneMs: -60_000 * new Date().getTimezoneOffset(),
      mayOnlyRead: options.mayOnlyRead ?? false,
    });
    this.#pace = new Pace(
      () => this.#view?.draw(frame(this.#model)),
      () => performance.now(),
    );
    this.#end = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    this.#terminal = new Terminal(stdin, stdout, {
      onSignal: () => this.#finish('interrupt'),
      onGone: () => this.#finish('quit'),
      onResize: () => this.#resize(),
      onResume: () => this.#resize(),
    });
  }

  async run(mount: Mount): Promise<DashboardEnd> {
    const ticks = setInterval(() => this.#tick(), TICK_MS);
    try {
      this.#terminal.open();
      this.#view = mount(this.#screen, (key) => this.#send({ kind: 'key', key }));
      this.#tick();
      this.#watch();
      return await this.#end;
    } finally {
      clearInterval(ticks);
      this.#pace.stop();
      this.#stream.abort();
      this.#near.abort();
      this.#screen.close();
      this.#view?.unmount();
      this.#terminal.close();
    }
  }

  #send(message: Message): void {
    const { model, effects } = update(this.#model, message);
    this.#model = model;
    for (const effect of effects) this.#perform(effect);
    if (message.kind === 'key' || message.kind === 'resize') this.#pace.now();
    else this.#pace.soon();
    if (this.#options.untilEnded === true && hasEnded(model)) this.#finish('ended');
  }

  // Warnings of a library may land in the middle of the screen: it is written anew now and then.
  #tick(): void {
    this.#ticks += 1;
    if (this.#ticks % TICKS_A_REPAINT === 0) this.#screen.repaint();
    this.#send({ kind: 'tick', nowMs: performance.now() });
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'near':
        return this.#lookAt(effect.scope);
      case 'command':
        return this.#ask(effect.command);
      case 'why':
        return this.#explain(effect);
      case 'quit':
        return this.#finish('quit');
      case 'interrupt':
        return this.#interrupt();
      case 'suspend':
        return this.#terminal.suspend(this.#options.suspend ?? suspendGroup);
      case 'repaint':
        return this.#screen.repaint();
    }
  }

  #watch(): void {
    const follower = {
      onResponse: (response: Extract<Message, { kind: 'watch' }>['response']) =>
        this.#send({ kind: 'watch', response }),
      onLost: (reason: string) => this.#send({ kind: 'disconnected', reason }),
    };
    const { source, sweepId = '' } = this.#options;
    const request = { sweepId, trialId: '', history: true };
    follow(source.open, request, follower, this.#stream.signal).catch(this.#fail);
  }

  /** That the stream of a trial is lost shows in the other one; a refusal is about this trial alone. */
  #lookAt({ trialId, beside, output }: WatchScope): void {
    this.#near.abort();
    this.#near = new AbortController();
    const follower = {
      onResponse: (response: WatchTrialResponse) => this.#send({ kind: 'near', response }),
      onLost: () => undefined,
    };
    const request = { trialId, beside: [...beside], output };
    follow(this.#options.source.near, request, follower, this.#near.signal).catch(
      (error: unknown) =>
        error instanceof EspalierError
          ? this.#send({ kind: 'notice', text: error.message })
          : this.#fail(error),
    );
  }

  #ask(command: Command): void {
    void perform(this.#options.control, command, this.#model).then((text) =>
      this.#send(toAnswerMessage(text, this.#model.size.columns)),
    );
  }

  #explain(asked: { readonly sweepId: string; readonly trialId: string }): void {
    void answerWhy(this.#options.control, asked, this.#model).then((message) =>
      this.#send(message),
    );
  }

  #interrupt(): void {
    const text = this.#options.onInterrupt?.();
    if (text === undefined) this.#finish('interrupt');
    else this.#send({ kind: 'notice', text });
  }

  #resize(): void {
    this.#screen.forget();
    this.#send({ kind: 'resize', size: sizeOf(this.#options.stdout) });
  }
}

function sizeOf({ columns, rows }: NodeJS.WriteStream): Size {
  return { columns: columns || 80, rows: rows || 24 };
}

function suspendGroup(): void {
  process.kill(0, 'SIGTSTP');
}
