/** @file SVG path data in a 100 x 100 box. */

const text = (point) => point.map((value) => value.toFixed(1)).join(",");

/** Reads points from text: "0,1 2,3" is [[0, 1], [2, 3]]. */
export function points(pairs) {
  return pairs.split(" ").map((pair) => pair.split(",").map(Number));
}

/** Smooth closed path through points (Catmull-Rom as cubic curves). */
export function blob(points) {
  const at = (index) => points[(index + points.length) % points.length];
  const curves = points.map((from, index) => {
    const [before, to, after] = [at(index - 1), at(index + 1), at(index + 2)];
    const first = from.map((value, axis) => value + (to[axis] - before[axis]) / 6);
    const second = to.map((value, axis) => value - (after[axis] - from[axis]) / 6);
    return `C${text(first)} ${text(second)} ${text(to)}`;
  });
  return `M${text(points[0])}${curves.join("")}Z`;
}

/** Closed polygon. */
export function polygon(points) {
  return `M${points.map(text).join("L")}Z`;
}

/** Ellipse around a centre; a circle when one radius is given. */
export function ellipse(x, y, radiusX, radiusY = radiusX) {
  return `M${x - radiusX},${y}A${radiusX},${radiusY} 0 1 0 ${x + radiusX},${y}A${radiusX},${radiusY} 0 1 0 ${x - radiusX},${y}Z`;
}

/** Upright rectangle. */
export function rectangle(x, y, width, height) {
  return polygon([
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ]);
}

/** Points moved by x, y after scaling by `factor`. */
export function shift(points, x, y, factor = 1) {
  return points.map((point) => [x + point[0] * factor, y + point[1] * factor]);
}
