// The key of a strategy: a short piece of its line, as plots draw it.

import type { Look } from '../look.ts';

/** An inline SVG; it says nothing to those who do not see it, since the name stands beside it. */
export function keyHtml(look: Look | undefined): string {
  const dash = look?.dash.length ? ` stroke-dasharray="${look.dash.join(' ')}"` : '';
  return `<svg class="key" width="26" height="8" aria-hidden="true"><path d="M1 4H25" stroke="${look?.color ?? 'var(--soft)'}" stroke-width="2.5"${dash}/></svg>`;
}
