/** @file Shapes that several scenes share. */
import { blob, ellipse, rectangle } from "./geometry.mjs";

/** A filled shape; `z` above 1 marks a main form, which gets a heavier outline. */
export const s = (d, fill, z = 1) => ({ d, fill, z });

/** A stroke without fill. */
export const l = (d, stroke, w = 1) => ({ d, stroke, w, line: true });

/** A rolling horizon at height `y`, varying by `rise`. */
export function hills(r, y, rise, count = 7) {
  const crest = [];
  for (let i = -1; i <= count; i++) crest.push([(i * 110) / count - 5, y + r.u(-rise, rise)]);
  return blob([...crest, [125, 130], [-25, 130]]);
}

/** Five to seven petals of one colour around a heart. */
export function flower(r, x, y, size, petal, heart) {
  const count = r.i(5, 7);
  const petals = Array.from({ length: count }, (_, i) => {
    const angle = (i * 2 * Math.PI) / count + r.u(0, 0.3);
    return s(ellipse(x + Math.cos(angle) * size, y + Math.sin(angle) * size, size * 0.72, size * 0.72), petal);
  });
  return [...petals, s(ellipse(x, y, size * 0.62), heart)];
}

/** A trunk with four clouds of leaves. */
export function tree(r, x, y, size, leaves) {
  const crown = [0, 1, 2, 3].map((i) =>
    s(
      ellipse(x + r.u(-0.25, 0.25) * size, y - size * (0.65 + 0.14 * i), size * (0.34 - 0.05 * i), size * (0.26 - 0.03 * i)),
      leaves[i % leaves.length],
    ),
  );
  return [s(rectangle(x - size * 0.08, y - size * 0.5, size * 0.16, size * 0.5), "#6b4a34"), ...crown];
}
