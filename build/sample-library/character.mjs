/** @file Mira: one fixed identity (hair, scarf, coat) in twenty poses, framings and settings. */
import { blob, ellipse, points, polygon, rectangle } from "./geometry.mjs";
import { hills, l, s, tree } from "./props.mjs";

/** The scene of picture `i`; `c` holds the colours and the hair style of the identity. */
export function character(c, i, r) {
  const set = [
      ["#cfe3ea", "#f2e6cf"],
      ["#f3d5b5", "#e9b48b"],
      ["#b7c9a8", "#dfe6c4"],
      ["#41506b", "#8a7f9c"],
      ["#e6dcef", "#c9b3d6"],
    ][i % 5],
    close = i % 4 === 1,
    k = close ? 1.9 : [1, 0.86, 0.94, 1.05][i % 4],
    ox = 50 + [0, -9, 8, 4, -4][i % 5],
    oy = close ? 88 : 60,
    tilt = r.u(-2.2, 2.2),
    look = r.u(-1.6, 1.6),
    T = (p) => p.map(([x, y]) => [ox + x * k + (y < 0 ? tilt * (-y / 30) : 0), oy + y * k]);
  const E = (x, y, a, b = a) => {
      const [p] = T([[x, y]]);
      return ellipse(p[0], p[1], a * k, b * k);
    },
    L = (a, b, m) => {
      const [p, q, t] = T([a, b, m]);
      return `M${p}Q${t} ${q}`;
    },
    sh = [];
  const back = i % 3;
  if (back === 0) sh.push(s(hills(r, 74, 4), "#8fae7a"), ...tree(r, 86, 82, 36, ["#5f8f5a", "#78a565"]));
  if (back === 1)
    sh.push(s(rectangle(-5, 76, 110, 40), "#a9805c"), s(rectangle(66, 12, 24, 34), "#f5f0e2"), s(rectangle(68, 14, 20, 30), "#8fc1d9"));
  if (back === 2)
    sh.push(
      ...points("4,40 20,30 74,34 90,26").map(([x, y]) => s(rectangle(x - 8, y, 15, 80), "#9a8f9f")),
      s(rectangle(-5, 82, 110, 30), "#7f787a"),
    );
  const hs = c.hairStyle;
  if (hs === "long") sh.push(s(blob(T(points("-15,-34 0,-48 15,-34 17,4 10,10 -10,10 -17,4"))), c.hair, 2));
  else if (hs === "bob") sh.push(s(blob(T(points("-15,-34 0,-47 15,-34 16,-18 11,-12 -11,-12 -16,-18"))), c.hair, 2));
  const arm = [points("-16,12 -22,6"), points("-17,14 -20,24"), points("-14,-2 -19,-18"), points("-15,16 -10,24")][i % 4],
    arm2 = [points("16,14 19,24"), points("14,-2 21,-16"), points("16,14 12,24"), points("17,12 24,6")][(i + 1) % 4],
    step = r.u(1, 5);
  if (!close)
    sh.push(
      s(
        blob(
          T([
            [-8, 26],
            [-2, 26],
            [-3 - step * 0.3, 38],
            [-8 - step, 38],
          ]),
        ),
        c.boots,
      ),
      s(
        blob(
          T([
            [2, 26],
            [8, 26],
            [8 + step, 38],
            [3 + step * 0.3, 38],
          ]),
        ),
        c.boots,
      ),
    );
  for (const [[ax, ay], [bx, by]] of [arm, arm2])
    sh.push(
      { d: L([ax < 0 ? -8 : 8, -6], [bx, by], [ax, ay]), stroke: c.coat, w: 5.4 * k, line: true, body: true },
      s(E(bx, by, 2.7), c.skin),
    );
  sh.push(
    s(blob(T(points("-9,-9 9,-9 12,10 14,29 -14,29 -12,10"))), c.coat, 2),
    l(L([0, -4], [0, 28], [0.5, 12]), "#1d3a40", 0.7 * k),
    ...[4, 12, 20].map((y) => s(E(2.6, y, 1), c.scarf)),
    s(blob(T(points("-4,-16 4,-16 4,-8 -4,-8"))), c.skin),
    s(blob(T(points("-11,-30 -7,-39 7,-39 11,-30 9,-19 0,-13 -9,-19"))), c.skin, 2),
  );
  if (hs === "bob") sh.push(s(blob(T(points("-13,-26 -12,-40 0,-47 12,-40 13,-26 9,-33 0,-36 -6,-33"))), c.hair));
  else if (hs === "long") sh.push(s(blob(T(points("-13,-22 -11,-41 0,-47 11,-41 13,-22 7,-38 1,-41 -8,-37"))), c.hair));
  else sh.push(s(polygon(T(points("-13,-28 -16,-44 -8,-42 -6,-53 1,-44 7,-54 9,-43 17,-44 13,-28 6,-36 -6,-35"))), c.hair));
  for (const q of [-1, 1])
    sh.push(
      s(E(q * 4.3 + look * 0.3, -26, 2.3, 2.7), "#fbf8f0"),
      s(E(q * 4.3 + look * 0.9, -25.8, 1.4, 1.9), c.eyes),
      l(L([q * 2.4, -30.4], [q * 6.6, -30], [q * 4.5, -31.6]), c.hair, 0.8 * k),
      s(E(q * 6.6, -21.5, 1.8, 1.1), "#e8a08a"),
    );
  sh.push(
    l(L([look * 0.5, -24], [look * 0.5 + 0.6, -21.5], [look * 0.5 + 1.2, -22]), "#c98a6a", 0.6 * k),
    l(L([-2.4, -18.4], [2.4, -18.4], [0, [-16.4, -18, -17, -19.4][i % 4]]), "#a8483f", 0.9 * k),
    s(blob(T(points("-9,-13 0,-15 9,-13 9.5,-8 0,-5.5 -9.5,-8"))), c.scarf, 2),
    s(blob(T(points("4,-9 8,-9 10,8 5.4,8"))), c.scarf),
    ...[1, 4].map((y) => l(L([5, y], [9.4, y], [7, y + 0.4]), "#fff3d0", 0.8 * k)),
  );
  return { bg: set, shapes: sh };
}
