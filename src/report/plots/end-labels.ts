// Names at the ends of curves, moved apart so that each can be read.

/**
 * Where labels that would stand at `places` (pixels) stand so that each is `gap` from the next and all lie from 0 to `reach`, in the
 * order given. Those that stand free stay; a crowd is spread around its middle.
 */
export function spreadLabels(
  places: readonly number[],
  gap: number,
  reach: number,
): readonly number[] {
  const order = places.map((_, i) => i).toSorted((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const crowds: Crowd[] = [];
  for (const i of order) {
    crowds.push({ members: [i], middle: places[i] ?? 0 });
    for (let [above, last] = lastTwo(crowds); above && last; [above, last] = lastTwo(crowds)) {
      if (endOf(above, gap) + gap / 2 <= startOf(last, gap) - gap / 2 + 1e-9) break;
      crowds.splice(-2, 2, joined(above, last, gap, reach));
    }
  }
  const moved = [...places];
  for (const crowd of crowds)
    crowd.members.forEach((i, rank) => (moved[i] = startOf(crowd, gap) + rank * gap));
  return moved;
}

/** Labels that touch, from above to below. */
type Crowd = { readonly members: readonly number[]; readonly middle: number };

function lastTwo(crowds: readonly Crowd[]): readonly [Crowd | undefined, Crowd | undefined] {
  return [crowds.at(-2), crowds.at(-1)];
}

function startOf({ members, middle }: Crowd, gap: number): number {
  return middle - ((members.length - 1) * gap) / 2;
}

function endOf({ members, middle }: Crowd, gap: number): number {
  return middle + ((members.length - 1) * gap) / 2;
}

function joined(a: Crowd, b: Crowd, gap: number, reach: number): Crowd {
  const members = [...a.members, ...b.members];
  const middle = (a.middle * a.members.length + b.middle * b.members.length) / members.length;
  const half = ((members.length - 1) * gap) / 2;
  return { members, middle: Math.max(half, Math.min(reach - half, middle)) };
}
