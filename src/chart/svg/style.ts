// Colours and dashes of SVG charts: readable on light and dark pages, and told apart by people who see colours differently.
// Source of the hues: Okabe and Ito 2008, darkened for light pages so that lines have a contrast of 3:1 or more.

const LIGHT = ['#0072b2', '#c44e00', '#007a59', '#a6478a', '#8a6500', '#3b3b98'];
const DARK = ['#56b4e9', '#f0803c', '#2fc79a', '#e39ac6', '#e6b800', '#a5a5ff'];

/** As many as colours but for one, so that 30 curves go by before two look the same. */
const DASHES = ['', '7 4', '2 3', '9 3 2 3', '12 4'];

/** The class of a series, which gives lines and texts its colour. */
export function classOf(index: number): string {
  return `s${index % LIGHT.length}`;
}

/** The `stroke-dasharray` attribute of a series, with a blank before it; nothing for a solid line. */
export function dashOf(index: number): string {
  const dash = DASHES[index % DASHES.length] ?? '';
  return dash === '' ? '' : ` stroke-dasharray="${dash}"`;
}

/** The style sheet, for light pages and, where the reader's system is dark, for dark ones. */
export const STYLE = [
  'text{font:12px system-ui,sans-serif;fill:#222}',
  'path,line{fill:none;stroke:#222;stroke-width:1}',
  '.page{fill:#fff}.grid{stroke:#ddd}.dim{fill:#555}.mark{stroke:#777;stroke-dasharray:1 3}',
  'path.curve{stroke-width:1.8;stroke-linejoin:round}',
  ...LIGHT.map((colour, i) => rule(i, colour)),
  '@media (prefers-color-scheme:dark){',
  'text{fill:#eee}path,line{stroke:#eee}',
  '.page{fill:#16181d}.grid{stroke:#33363d}.dim{fill:#aaa}.mark{stroke:#999}',
  ...DARK.map((colour, i) => rule(i, colour)),
  '}',
].join('\n');

function rule(index: number, colour: string): string {
  return `.s${index}{stroke:${colour}}text.s${index}{fill:${colour};stroke:none}`;
}
