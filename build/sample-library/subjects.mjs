/**
 * @file The twelve subjects as vector scenes in a 100 x 100 box.
 * A scene is `{ bg: [top, bottom], shapes }`; a shape is `{ d, fill, z }` or, for a stroke without fill, `{ d, stroke, w, line: true }`.
 */
import { blob, ellipse, points, polygon, rectangle, shift } from "./geometry.mjs";
import { flower, hills, l, s, tree } from "./props.mjs";

/** Scene builders by name; each takes the seeded generator. */
export const subjects = {
  vase: (r) => ({
    bg: ["#e8d9c0", "#d9c3a2"],
    shapes: [
      s(rectangle(-5, 72, 110, 40), "#a8653f"),
      ...points("34,30 50,20 66,29 42,42 60,43").flatMap(([x, y]) => [
        l(`M50,62Q${(x + 50) / 2 + r.u(-5, 5)},50 ${x},${y}`, "#4d7b45", 1.4),
      ]),
      ...points("30,44 70,46 45,33").map(([x, y]) => s(blob(shift(points("0,0 5,-3 9,-9 3,-6"), x, y)), "#5c9150")),
      ...points("34,30 50,20 66,29 42,42 60,43").flatMap(([x, y], i) =>
        flower(r, x + r.u(-2, 2), y + r.u(-2, 2), 4.6, ["#d9534a", "#f0b13c", "#c7649b", "#e9e0d2", "#e2773a"][i], "#6d3b22"),
      ),
      s(blob(points("43,56 57,56 56,62 65,74 58,87 42,87 35,74 44,62")), "#3f7aa3", 2),
      s(blob(points("41,70 45,64 44,76 42,80")), "#8fbfd8"),
    ],
  }),
  fruit: (r) => ({
    bg: ["#9fb7b4", "#cfc4a4"],
    shapes: [
      s(rectangle(-5, 70, 110, 40), "#8a5a3c"),
      s(ellipse(50, 84, 40, 6), "#5b3925"),
      s(ellipse(34, 49, 12), "#c8413b"),
      s(ellipse(57, 46, 13.5), "#e08a2e"),
      s(blob(points("66,62 72,50 75,40 79,50 84,62 75,70")), "#b9c04a"),
      l("M75,41Q76,36 79,35", "#5a4026", 1.2),
      l("M36,46Q37,41 40,40", "#5a4026", 1.2),
      ...Array.from({ length: 9 }, (_, i) => s(ellipse(43 + (i % 4) * 5 + r.u(-1, 1), 63 - Math.floor(i / 4) * 5, 3.4), "#6a3f78")),
      s(blob(points("14,62 86,62 78,78 64,86 36,86 22,78")), "#d8d0c0", 2),
      s(ellipse(50, 62.5, 36.5, 2.6), "#b9ae9a"),
      s(blob(points("18,68 30,70 28,78 22,74")), "#efe9dd"),
    ],
  }),
  cat: () => ({
    bg: ["#b8cbb6", "#8fae94"],
    shapes: [
      s(rectangle(-5, 78, 110, 30), "#7a5b84"),
      s(blob(points("68,84 82,80 88,66 84,56 80,58 82,67 76,74 66,76")), "#b9662f"),
      s(blob(points("34,88 31,68 38,52 50,47 62,52 69,68 66,88")), "#cf7a3a", 2),
      s(blob(points("42,86 43,66 50,60 57,66 58,86")), "#f0d3ab"),
      s(polygon(points("33,30 34,13 46,23")), "#cf7a3a"),
      s(polygon(points("67,30 66,13 54,23")), "#cf7a3a"),
      s(polygon(points("36,27 36.5,18 43,23")), "#e9b0a0"),
      s(polygon(points("64,27 63.5,18 57,23")), "#e9b0a0"),
      s(blob(points("32,36 37,24 50,20 63,24 68,36 62,48 50,52 38,48")), "#d98543", 2),
      s(ellipse(42, 35, 4, 4.6), "#e9f0b5"),
      s(ellipse(58, 35, 4, 4.6), "#e9f0b5"),
      s(ellipse(42.5, 35, 1.5, 4), "#20251f"),
      s(ellipse(58.5, 35, 1.5, 4), "#20251f"),
      s(blob(points("43,44 50,40 57,44 50,49")), "#f3dcbc"),
      s(polygon(points("48,41 52,41 50,43.6")), "#8a3f3a"),
      ...[-1, 1].flatMap((q) => [0, 1].map((k) => l(`M${50 + q * 7},${44 + k * 1.5}L${50 + q * 22},${42 + k * 4}`, "#f3e9d8", 0.5))),
      ...[24, 27].map((y, i) => l(`M${47 + i * 2},${y - 2}L${48 + i},${y + 4}`, "#9c5322", 1.3)),
      s(ellipse(42, 87, 6, 3.4), "#f0d3ab"),
      s(ellipse(58, 87, 6, 3.4), "#f0d3ab"),
    ],
  }),
  bird: () => ({
    bg: ["#f0e2c4", "#dcc79f"],
    shapes: [
      l("M-5,78Q40,70 105,82", "#5c4030", 4),
      l("M62,75Q75,62 90,58", "#5c4030", 2),
      ...points("78,62 88,56 84,67 12,68 22,64").map(([x, y]) => s(blob(shift(points("0,0 4,-4 10,-4 6,1"), x, y)), "#7d9a4f")),
      s(polygon(points("63,60 88,70 84,76 58,68")), "#2f4d70"),
      s(blob(points("25,46 28,34 38,28 48,33 58,46 68,60 60,70 44,72 30,62")), "#3f76a8", 2),
      s(blob(points("27,52 34,48 46,58 52,68 42,71 31,63")), "#e39a54"),
      s(blob(points("42,46 52,44 64,58 70,66 56,64 46,56")), "#2d5680", 2),
      s(polygon(points("16,41 27,37 27,44")), "#d9a441"),
      s(ellipse(34, 38, 3), "#f5f0e0"),
      s(ellipse(34, 38, 1.6), "#17202a"),
      l("M42,71L41,77", "#7a4a2a", 1.2),
      l("M49,71L50,77", "#7a4a2a", 1.2),
    ],
  }),
  mountains: (r) => ({
    bg: ["#7fb0cf", "#f3d9b1"],
    shapes: [
      s(ellipse(72, 24, 8), "#fbeec2"),
      s(blob(points("-20,70 8,38 22,48 40,22 58,48 70,40 95,62 120,75 120,130 -20,130")), "#7d89a8", 2),
      s(polygon(points("33,33 40,22 49,35 44,33 41,38 37,33")), "#f4f2ec"),
      s(hills(r, 62, 5), "#5d7f78"),
      s(hills(r, 74, 4), "#6f9a57"),
      ...[12, 22, 31, 78, 88].flatMap((x) => {
        const y = 80 + r.u(-3, 4),
          k = r.u(9, 14);
        return [
          s(
            polygon([
              [x, y - k * 1.6],
              [x + k * 0.45, y],
              [x - k * 0.45, y],
            ]),
            "#33593f",
          ),
        ];
      }),
      s(blob(points("40,130 48,100 60,88 54,80 62,80 68,90 62,104 66,130")), "#9cc3d6"),
    ],
  }),
  lighthouse: () => ({
    bg: ["#f2b27a", "#f7dfae"],
    shapes: [
      s(ellipse(22, 40, 9), "#fff3cf"),
      s(rectangle(-5, 62, 110, 50), "#3f7f92"),
      ...[68, 76, 86].map((y) => l(`M-2,${y}q8,-3 16,0t16,0t16,0t16,0t16,0t16,0t16,0`, "#8fc0c4", 1)),
      s(blob(points("48,72 60,62 80,60 110,66 112,112 60,112 50,92")), "#6f5b4c", 2),
      s(polygon(points("66,64 69,26 79,26 82,64")), "#f3ece0", 2),
      s(polygon(points("67.6,44 68.4,35 79.7,35 80.4,44")), "#c4473d"),
      s(polygon(points("66.1,62 66.9,53 81.1,53 81.9,62")), "#c4473d"),
      s(rectangle(67.5, 23, 13, 3), "#37424a"),
      s(rectangle(70, 16, 8, 7), "#ffe27a"),
      s(polygon(points("68.5,16 79.5,16 74,10")), "#37424a"),
      s(rectangle(72.5, 47, 3, 4), "#37424a"),
      ...points("20,22 38,14 52,25").map(([x, y]) => l(`M${x},${y}q3,-4 6,0q3,-4 6,0`, "#4a4a55", 0.9)),
    ],
  }),
  cottage: (r) => ({
    bg: ["#9fd0e6", "#e4f0d8"],
    shapes: [
      s(ellipse(20, 20, 12, 5), "#ffffff"),
      s(ellipse(30, 18, 9, 5), "#ffffff"),
      s(hills(r, 66, 3), "#8fb85f"),
      ...tree(r, 82, 78, 40, ["#3f7a46", "#4f9152", "#6bab5c"]),
      s(rectangle(24, 48, 42, 34), "#f1e1c6", 2),
      s(polygon(points("19,50 45,28 71,50")), "#b5473a", 2),
      s(rectangle(56, 28, 6, 14), "#8a5c4c"),
      s(rectangle(40, 62, 10, 20), "#6a4630"),
      s(rectangle(28, 56, 8, 9), "#7fb3c9"),
      s(rectangle(54, 56, 8, 9), "#7fb3c9"),
      s(blob(points("38,130 41,82 50,82 62,130")), "#d9c49a"),
      ...Array.from({ length: 10 }, (_, i) =>
        s(ellipse(6 + i * 10 + r.u(-3, 3), 90 + r.u(-4, 8), 1.6), r.pick(["#e2605a", "#f2c84b", "#c987c9"])),
      ),
    ],
  }),
  sailboat: () => ({
    bg: ["#bfe0ea", "#f6ead0"],
    shapes: [
      s(ellipse(80, 20, 7), "#f6c766"),
      s(rectangle(-5, 66, 110, 50), "#2f6f93"),
      s(polygon(points("50,12 50,62 22,62")), "#f5efe2", 2),
      s(polygon(points("53,18 53,62 76,62")), "#e0703f", 2),
      l("M51.5,8L51.5,68", "#5b3d28", 1.6),
      s(blob(points("16,66 50,68 84,66 74,80 50,83 26,80")), "#8a3b34", 2),
      s(polygon(points("19,69 81,69 80,72 20,72")), "#f2e3c8"),
      ...[80, 86, 93].map((y, i) => l(`M${-4 + i * 5},${y}q7,-3 14,0t14,0t14,0t14,0t14,0t14,0t14,0`, "#79b0c4", 1.1)),
      s(polygon(points("51.5,8 60,11 51.5,14")), "#d04a45"),
    ],
  }),
  teapot: (r) => ({
    bg: ["#d7c7d9", "#c3adc0"],
    shapes: [
      s(rectangle(-5, 70, 110, 40), "#6e8f8a"),
      s(blob(points("66,54 86,42 92,36 95,39 86,56 70,68")), "#4f8f8a"),
      l("M30,46Q10,46 14,62Q18,74 32,70", "#4f8f8a", 4),
      s(blob(points("26,58 32,42 50,38 68,42 74,58 66,76 34,76")), "#5fa8a0", 2),
      s(ellipse(50, 40, 15, 3.6), "#3d7570"),
      s(ellipse(50, 34.6, 3.6), "#e6b04d"),
      s(blob(points("34,52 40,46 40,58 36,62")), "#bfe0da"),
      ...flower(r, 55, 58, 4, "#f3e6d6", "#e6b04d"),
      s(ellipse(18, 86, 12, 3), "#cbbf9f"),
      s(blob(points("9,76 27,76 24,86 12,86")), "#f2ead8"),
      ...[44, 50, 56].map((x) => l(`M${x},26q4,-5 0,-10q-4,-5 0,-9`, "#f4eef4", 0.9)),
    ],
  }),
  fish: (r) => ({
    bg: ["#2d7f95", "#123f5c"],
    shapes: [
      ...[10, 84, 92].map((x) => l(`M${x},104q-6,-12 0,-24q6,-12 0,-22`, "#3f8f5c", 3)),
      s(blob(points("70,50 90,32 94,36 86,50 94,66 90,68")), "#e0a63a", 2),
      s(blob(points("14,52 26,38 46,32 64,40 74,50 64,60 46,68 26,64")), "#ef7f33", 2),
      s(blob(points("36,34 50,22 62,26 58,38 46,33")), "#d7622a"),
      s(blob(points("40,66 46,76 56,76 54,66")), "#d7622a"),
      s(blob(points("34,36 40,34 42,50 39,66 33,64 36,50")), "#f6efe0"),
      s(blob(points("56,36 61,39 63,50 60,62 55,65 57,50")), "#f6efe0"),
      s(ellipse(24, 48, 4), "#f8f4e4"),
      s(ellipse(23, 48, 2.1), "#10222c"),
      ...Array.from({ length: 6 }, () => s(ellipse(r.u(4, 30), r.u(6, 38), r.u(1, 2.6)), "#a9dbe4")),
      s(hills(r, 94, 2), "#cdb583"),
    ],
  }),
  street: (r) => ({
    bg: ["#f0c9a0", "#f6e6cd"],
    shapes: [
      ...[
        [-4, 30, 22, "#8f6f86"],
        [17, 20, 20, "#b5655a"],
        [36, 36, 16, "#d39a57"],
        [51, 14, 19, "#5f7f94"],
        [69, 28, 16, "#a3895f"],
        [84, 22, 22, "#7a5d74"],
      ].flatMap(([x, y, w, c]) => [
        s(rectangle(x, y, w, 92 - y), c, 2),
        s(
          polygon([
            [x - 1, y],
            [x + w / 2, y - 8],
            [x + w + 1, y],
          ]),
          "#4d3f4a",
        ),
        ...Array.from({ length: 15 }, (_, i) => [i % 3, Math.floor(i / 3)])
          .filter(([, b]) => y + 14 + b * 12 < 76)
          .map(([a, b]) => s(rectangle(x + w * (0.14 + a * 0.28), y + 6 + b * 12, w * 0.16, 6.5), r.f() < 0.35 ? "#ffe6a0" : "#3c3f52")),
      ]),
      s(rectangle(-5, 84, 110, 30), "#6d6a6d"),
      s(polygon(points("34,112 46,84 54,84 66,112")), "#8b8684"),
      l("M14,90L14,58Q14,52 20,52", "#2f2b33", 1.4),
      s(ellipse(21, 53.5, 2.6), "#fff0b0"),
      ...points("62,80 70,82").flatMap(([x, y]) => [
        s(blob(shift(points("-2.5,12 -2,0 2,0 2.5,12"), x, y)), "#3a3142"),
        s(ellipse(x, y - 2.5, 2), "#d9a983"),
      ]),
    ],
  }),
  mushrooms: (r) => ({
    bg: ["#3f6f78", "#86a777"],
    shapes: [
      ...[8, 26, 74, 92].map((x) =>
        s(
          blob([
            [x - 3, -10],
            [x + 4, -10],
            [x + 5, 60],
            [x + 9, 100],
            [x - 9, 100],
            [x - 4, 60],
          ]),
          "#2f2f35",
        ),
      ),
      s(hills(r, 80, 3), "#35563a"),
      ...[
        [50, 84, 1.25],
        [27, 88, 0.8],
        [73, 90, 0.7],
        [86, 94, 0.45],
      ].flatMap(([x, y, k]) => [
        s(blob(shift(points("-5,0 -4,-20 4,-20 5,0"), x, y, k)), "#eadcc2", 2),
        s(blob(shift(points("-20,-18 -14,-32 0,-38 14,-32 20,-18 0,-15"), x, y, k)), "#c23b33", 2),
        ...[
          [-9, -24, 2.6],
          [1, -30, 3],
          [10, -23, 2.2],
          [-1, -20, 1.8],
        ].map(([a, b, q]) => s(ellipse(x + a * k, y + b * k, q * k), "#f6ecdc")),
      ]),
      ...Array.from({ length: 14 }, () => s(ellipse(r.u(2, 98), r.u(8, 76), r.u(0.4, 1)), "#f2e58a")),
      ...Array.from({ length: 16 }, () => {
        const x = r.u(0, 100),
          y = r.u(86, 100);
        return l(`M${x},${y}q${r.u(-2, 2)},-4 ${r.u(-3, 3)},-8`, "#6f9a5a", 0.9);
      }),
    ],
  }),
};
