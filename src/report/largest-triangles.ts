// Which points of a curve to keep so that it still looks like itself.
// Source: Largest Triangle Three Buckets (Steinarsson 2013): the first and the last point stay; the rest is cut into buckets, and of
// each the point that makes the largest triangle with the one kept before and the mean of the next bucket is kept.

type Point = readonly [x: number, y: number];

/** The places, rising, of at most `most` points (all of them where they are no more, else at least three). */
export function chooseLargestTriangles(points: readonly Point[], most: number): readonly number[] {
  const count = points.length;
  if (count <= Math.max(3, most)) return points.map((_, place) => place);
  const buckets = Math.max(3, most) - 2;
  const edge = (bucket: number): number => 1 + Math.floor((bucket * (count - 2)) / buckets);
  const kept = [0];
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const next = mean(
      points.slice(edge(bucket + 1), Math.max(edge(bucket + 2), edge(bucket + 1) + 1)),
    );
    kept.push(largest(points, edge(bucket), edge(bucket + 1), kept.at(-1) ?? 0, next));
  }
  return [...kept, count - 1];
}

function mean(points: readonly Point[]): Point {
  const sum = points.reduce<Point>(([x, y], point) => [x + point[0], y + point[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

function largest(
  points: readonly Point[],
  from: number,
  to: number,
  before: number,
  [nextX, nextY]: Point,
): number {
  const [x, y] = points[before] ?? [0, 0];
  let [best, area] = [from, -1];
  for (let place = from; place < to; place += 1) {
    const [px, py] = points[place] ?? [0, 0];
    const size = Math.abs((x - nextX) * (py - y) - (x - px) * (nextY - y));
    if (size > area) [best, area] = [place, size];
  }
  return best;
}
