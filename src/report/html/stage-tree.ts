// The stage tree: each family's stages over the epochs, thick where one training stood for several trials.
// Promise: only places in percent, so that it is right at every width without a script; what is not drawn is counted.

import { groupBy } from '../../domain/group-by.ts';
import { toLooks } from '../look.ts';
import type { ReportData, TrialData } from '../report-data.ts';
import { escapeHtml, settingText, trialLink, valueText } from '../words.ts';

const ROWS = 120;
const ROW_PX = 22;

type Node = {
  readonly place: number;
  readonly from: number;
  readonly to: number;
  readonly trials: readonly TrialData[];
  readonly children: readonly Node[];
};

/** The families of the stages that these trials trained in. */
export function stageTreeHtml(data: ReportData, trials: readonly TrialData[]): string {
  const members = membersOf(trials);
  if (members.size === 0) return '<p class="note">No stage yet.</p>';
  const roots = toRoots(data, members);
  const epochs = Math.max(1, ...trials.map(({ setting }) => data.settings[setting]?.epochs ?? 0));
  const html: string[] = [ticksHtml(epochs)];
  let [rows, left] = [0, 0];
  for (const root of roots) {
    const lines = toLines(root);
    if (rows > 0 && rows + lines.length > ROWS) left += 1;
    else {
      rows += lines.length;
      html.push(familyHtml(data, root, lines.slice(0, ROWS), epochs));
    }
  }
  if (left > 0) html.push(`<p class="note">${left} more families of trials are not drawn.</p>`);
  return `<div class="tree">${html.join('\n')}</div>`;
}

function membersOf(trials: readonly TrialData[]): ReadonlyMap<number, readonly TrialData[]> {
  const pairs = trials.flatMap((trial) => trial.path.map((place) => ({ place, trial })));
  return new Map(
    [...groupBy(pairs, ({ place }) => place)].map(([place, group]) => [
      place,
      group.map(({ trial }) => trial),
    ]),
  );
}

function toRoots(
  { stages }: ReportData,
  members: ReadonlyMap<number, readonly TrialData[]>,
): readonly Node[] {
  const childrenOf = groupBy(members.keys(), (place) => stages[place]?.parent ?? -1);
  const toNode = (place: number): Node => {
    const stage = stages[place];
    const from = stage?.from ?? 0;
    const children = (childrenOf.get(place) ?? []).map(toNode);
    return {
      place,
      from,
      to: from + (stage?.recorded ?? 0),
      trials: members.get(place) ?? [],
      children,
    };
  };
  return [...members.keys()]
    .filter((place) => !members.has(stages[place]?.parent ?? -1))
    .map(toNode)
    .toSorted((a, b) => (a.trials[0]?.number ?? 0) - (b.trials[0]?.number ?? 0));
}

/** A line of the tree: stages that follow one another, and how many lines below the next sibling begins. */
type Line = {
  readonly nodes: readonly Node[];
  readonly rails: readonly { readonly at: number; readonly length: number }[];
};

/** The latest child goes on in its parent's line; earlier ones come below, so that no line crosses a bar. */
function toLines(root: Node): readonly Line[] {
  const nodes: Node[] = [root];
  const below: { at: number; lines: readonly Line[] }[] = [];
  for (let node = root; node.children.length > 0;) {
    const children = node.children.toSorted(
      (a, b) =>
        b.trials.length - a.trials.length ||
        (a.trials[0]?.number ?? 0) - (b.trials[0]?.number ?? 0),
    );
    const [next, ...others] = children;
    if (next === undefined) break;
    below.unshift(...others.map((child) => ({ at: child.from, lines: toLines(child) })));
    nodes.push(next);
    node = next;
  }
  let length = 1;
  const rails = below.map(({ at, lines }) => {
    const rail = { at, length };
    length += lines.length;
    return rail;
  });
  return [{ nodes, rails }, ...below.flatMap(({ lines }) => lines)];
}

function familyHtml(data: ReportData, root: Node, lines: readonly Line[], epochs: number): string {
  const [first] = root.trials;
  const trained = sum(root, ({ from, to }) => to - from);
  const delivered = root.trials.reduce((total, { done }) => total + done, 0);
  const config = data.settings[first?.setting ?? 0]?.config ?? '';
  const name = [config, `seed ${first?.seed ?? ''}`].filter(Boolean).join(', ');
  const saved = delivered > trained ? `, ${delivered - trained} epochs saved` : '';
  return [
    `<p class="family">${escapeHtml(name)} <small>${root.trials.length} trials, ${delivered} epochs from ${trained} trained${saved}</small></p>`,
    ...lines.map((line) => lineHtml(data, line, epochs)),
  ].join('\n');
}

function sum(node: Node, of: (node: Node) => number): number {
  return of(node) + node.children.reduce((total, child) => total + sum(child, of), 0);
}

function lineHtml(data: ReportData, { nodes, rails }: Line, epochs: number): string {
  const last = nodes.at(-1);
  const [leaf] = last?.trials ?? [];
  const at = (epoch: number): string => `${((100 * epoch) / epochs).toFixed(2)}%`;
  const color = toLooks(data.settings).get(
    data.settings[leaf?.setting ?? 0]?.strategy ?? '',
  )?.color;
  const lanes = nodes.map((node) => barHtml(data, node, at, color ?? 'var(--soft)'));
  const drops = rails.map(
    ({ at: epoch, length }) =>
      `<i class="rail" style="left:${at(epoch)};top:50%;height:${length * ROW_PX}px"></i>`,
  );
  const names = (last?.trials ?? []).slice(0, 4).map(trialLink).join(' ');
  const setting =
    last?.trials.length === 1
      ? ` ${escapeHtml(settingText(data.settings[leaf?.setting ?? 0]))}`
      : '';
  return `<div class="row"><span>${names}${setting}</span><span class="lane">${drops.join('')}${lanes.join('')}</span><span class="n">${valueText(leaf?.best)}</span></div>`;
}

function barHtml(
  { stages }: ReportData,
  node: Node,
  at: (epoch: number) => string,
  color: string,
): string {
  const { from, to, trials, place } = node;
  if (to <= from) return '';
  const stage = stages[place];
  const height = Math.min(14, 4 + 2.5 * Math.log2(trials.length));
  const title = `${stage?.id ?? ''}: epochs ${from + 1} to ${to}, ${trials.length} trial${trials.length === 1 ? '' : 's'} ${trials
    .slice(0, 12)
    .map(({ number }) => `#${number}`)
    .join(' ')}${stage?.reproducible === false ? ', not reproducible' : ''}`;
  const look = trials.length > 1 ? 'shared' : '';
  return `<i class="bar ${look}" style="left:${at(from)};width:calc(${at(to - from)} - 1px);height:${height.toFixed(1)}px;margin-top:-${(height / 2).toFixed(1)}px${trials.length > 1 ? '' : `;background:${color}`}" title="${escapeHtml(title)}"></i>`;
}

function ticksHtml(epochs: number): string {
  const step =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((size) => epochs / size <= 6) ?? epochs;
  const ticks = Array.from({ length: Math.floor(epochs / step) + 1 }, (_, i) => i * step);
  const marks = ticks.map(
    (tick) => `<span style="left:${((100 * tick) / epochs).toFixed(2)}%">${tick}</span>`,
  );
  return `<div class="row ticks"><span>epochs trained</span><span class="lane">${marks.join('')}</span><span class="n">best</span></div>`;
}
