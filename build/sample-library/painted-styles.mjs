/** @file Styles painted from the pixels of a softly lit rendering. A style is `(scene, canvas) => Promise<PNG bytes>`. */
import { hex, luminance, rgb, snap } from "./colour.mjs";
import { valueNoise } from "./random.mjs";
import { brightnessAt, clamp, pixelAt, shadePixels, svg, toPixels, toPng, vector } from "./render.mjs";

const pixelPalette = [
  "#1a1c2c",
  "#5d275d",
  "#b13e53",
  "#ef7d57",
  "#ffcd75",
  "#a7f070",
  "#38b764",
  "#257179",
  "#29366f",
  "#3b5dc9",
  "#41a6f6",
  "#73eff7",
  "#f4f4f4",
  "#94b0c2",
  "#566c86",
  "#333c57",
];

/** Oil strokes that follow the forms, each with a light rim, in three sizes. */
export async function impasto(scene, canvas) {
  const { size, r } = canvas;
  const pixels = await toPixels(vector(scene, { ...canvas, lit: 0.35 }), canvas);
  const drift = valueNoise(r, 9);
  const light = (x, y) => brightnessAt(pixels, size, x, y);
  const strokes = [];
  const layers = [
    { length: 5.5, count: 1500, width: 2.6 },
    { length: 3.2, count: 3000, width: 1.5 },
    { length: 1.7, count: 4200, width: 0.8 },
  ];
  for (const { length, count, width } of layers) {
    for (let i = 0; i < count; i++) {
      const [x, y] = [r.u(0, 100), r.u(0, 100)];
      const [px, py] = [(x * size) / 100, (y * size) / 100];
      const slopeX = light(px + 4, py) - light(px - 4, py);
      const slopeY = light(px, py + 4) - light(px, py - 4);
      const slope = Math.hypot(slopeX, slopeY);
      if (width < 1 && slope < 0.03) continue;
      const angle = slope > 0.02 ? Math.atan2(slopeX, -slopeY) : drift(x / 100, y / 100) * 3.1;
      const [dx, dy] = [(Math.cos(angle) * length) / 2, (Math.sin(angle) * length) / 2];
      const paint = pixelAt(pixels, size, px, py).map((value) => value * 1.04 + r.g() * 11);
      const bow = r.u(-0.7, 0.7);
      const path = (lift, curve) =>
        `M${(x - dx).toFixed(1)},${(y - dy - lift).toFixed(1)}${curve}${(x + dx).toFixed(1)},${(y + dy - lift).toFixed(1)}`;
      const curve = `Q${(x + bow).toFixed(1)},${(y + bow).toFixed(1)} `;
      strokes.push(`<path d="${path(0, curve)}" stroke="${rgb(paint)}" stroke-width="${(width * r.u(0.7, 1.2)).toFixed(2)}"/>`);
      const rim = rgb(paint.map((value) => value + 34));
      if (i % 3 === 0) strokes.push(`<path d="${path(width * 0.3, "L")}" stroke="${rim}" stroke-width="${(width * 0.18).toFixed(2)}"/>`);
    }
  }
  const body = `<rect width="100" height="100" fill="#6b4a38"/><g fill="none" stroke-linecap="round">${strokes.join("")}</g>`;
  return toPng(svg(size, "", body), canvas);
}

/** Dots of broken colour on a warm ground. */
export async function pointillist(scene, canvas) {
  const { size, r } = canvas;
  const pixels = await toPixels(vector(scene, { ...canvas, lit: 0.3 }), canvas);
  const dots = Array.from({ length: 9000 }, () => {
    const [x, y] = [r.u(0, 100), r.u(0, 100)];
    const colour = pixelAt(pixels, size, (x * size) / 100, (y * size) / 100);
    const grey = (colour[0] + colour[1] + colour[2]) / 3;
    const kind = r.f();
    const shiftOf = (channel) => (kind < 0.18 ? [70, -20, -60][channel] : kind < 0.34 ? [-60, -10, 70][channel] : r.g() * 14);
    const broken = colour.map((value, channel) => grey + (value - grey) * 1.7 + shiftOf(channel));
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${r.u(0.55, 0.95).toFixed(2)}" fill="${rgb(broken)}"/>`;
  });
  return toPng(svg(size, "", `<rect width="100" height="100" fill="#f4ead2"/>${dots.join("")}`), canvas);
}

/** 56 x 56 sprites in sixteen colours with an ordered dither. */
export async function pixel(scene, canvas) {
  const side = 56;
  const pixels = await toPixels(vector(scene, { ...canvas, size: side, lit: 0.3, outline: "#1a1c2c", outlineWidth: 0.55 }), {
    ...canvas,
    size: side,
  });
  const small = await shadePixels({ ...canvas, size: side }, (x, y) => {
    const threshold = [
      [0, 2],
      [3, 1],
    ][y % 2][x % 2];
    const dither = (threshold / 4 - 0.375) * 34;
    return hex(snap(rgb(pixelAt(pixels, side, x, y).map((value) => value + dither)), pixelPalette));
  });
  return canvas.sharp(small).resize(canvas.size, canvas.size, { kernel: "nearest" }).png().toBuffer();
}

/** Two spot inks in halftone screens, slightly out of register. */
export async function riso(scene, canvas) {
  const { size, r } = canvas;
  const pixels = await toPixels(vector(scene, { ...canvas, lit: 0.25 }), canvas);
  const scale = size / 512;
  const inks = [
    { colour: [255, 96, 92], angle: 0.3 },
    { colour: [28, 82, 148], angle: 1.1 },
  ];
  const screen = (x, y, angle) => {
    const u = (x * Math.cos(angle) + y * Math.sin(angle)) / (6.2 * scale);
    const v = (y * Math.cos(angle) - x * Math.sin(angle)) / (6.2 * scale);
    return Math.hypot(u - Math.round(u), v - Math.round(v));
  };
  return shadePixels(canvas, (x, y) => {
    const here = pixelAt(pixels, size, x, y);
    const moved = pixelAt(pixels, size, x - 4 * scale, y + 3 * scale);
    const warm = clamp(0.9 - (here[1] * 0.6 + here[2] * 0.4) / 270 + (here[0] - here[2]) / 900);
    const cool = clamp(0.84 - (moved[0] * 0.75 + moved[1] * 0.25) / 265, 0.9);
    let paper = [247, 241, 226];
    inks.forEach(({ colour, angle }, index) => {
      const amount = index === 0 ? warm : cool;
      const cover = clamp((Math.sqrt(amount * 0.95) * 0.72 - screen(x, y, angle)) * 6 + 0.5);
      paper = paper.map((value, channel) => value * (1 - cover * (1 - colour[channel] / 255)));
    });
    const noise = r.u(-5, 5);
    return paper.map((value) => value + noise);
  });
}

/** Two-tone block print; the carved lines follow the tone. */
export async function woodcut(scene, canvas) {
  const { size, r } = canvas;
  const pixels = await toPixels(vector(scene, { ...canvas, lit: 0.55, outline: "#000000", outlineWidth: 0.8 }), canvas);
  const drift = valueNoise(r, 7);
  const scale = size / 512;
  const [block, paper] = [
    [38, 24, 20],
    [239, 226, 198],
  ];
  return shadePixels(canvas, (x, y) => {
    const light = brightnessAt(pixels, size, x, y);
    const carved = Math.sin((y * 0.5 + x * 0.12) / (1.55 * scale) + drift(x / size, y / size) * 5 + light * 7) * 0.5;
    const share = clamp((light * 1.7 - 0.42 + carved * 0.9) * 5 - 1.6);
    return block.map((value, channel) => value * (1 - share) + paper[channel] * share);
  });
}

/** Stained glass: jittered cells, lead lines, an inner glow. */
export async function glass(scene, canvas) {
  const { size, r } = canvas;
  const pixels = await toPixels(vector(scene, { ...canvas, lit: 0.2 }), canvas);
  const side = 15;
  const jitter = () => 0.5 + r.u(-0.42, 0.42);
  const cells = Array.from({ length: side * side }, (_, i) => [
    (((i % side) + jitter()) / side) * size,
    ((Math.floor(i / side) + jitter()) / side) * size,
  ]);
  const panes = cells.map(([x, y]) => {
    const colour = pixelAt(pixels, size, x, y);
    const grey = (colour[0] + colour[1] + colour[2]) / 3;
    const glow = r.u(0.85, 1.2);
    return colour.map((value) => (grey + (value - grey) * 1.55) * glow);
  });
  const lead = size / 150;
  const nearestTwo = (x, y) => {
    const [column, row] = [Math.trunc((x / size) * side), Math.trunc((y / size) * side)];
    const here = pixelAt(pixels, size, x, y);
    let [first, second, owner] = [Infinity, Infinity, 0];
    for (let j = Math.max(0, row - 2); j <= Math.min(side - 1, row + 2); j++) {
      for (let i = Math.max(0, column - 2); i <= Math.min(side - 1, column + 2); i++) {
        const cell = j * side + i;
        const away = Math.hypot(x - cells[cell][0], y - cells[cell][1]);
        const distance = away + 0.9 * Math.hypot(...panes[cell].map((value, channel) => (value - here[channel]) * 0.12));
        if (distance < first) [second, first, owner] = [first, distance, cell];
        else if (distance < second) second = distance;
      }
    }
    return { first, second, owner };
  };
  return shadePixels(canvas, (x, y) => {
    const { first, second, owner } = nearestTwo(x, y);
    const open = clamp((second - first - lead) / lead + 0.5);
    const glow = 1.12 - 0.35 * clamp(first / (size / side));
    return panes[owner].map((value, channel) => (24 + channel * 3) * (1 - open) + value * glow * open);
  });
}

/** Pastel chalk on a slate ground. */
export async function chalk(scene, canvas) {
  const { size, r } = canvas;
  const pixels = await toPixels(vector(scene, { ...canvas, lit: 0.3 }), canvas);
  const edges = await toPixels(
    vector(scene, { ...canvas, tone: () => "#000000", outline: "#ffffff", outlineWidth: 0.7, ground: "#000" }),
    canvas,
  );
  const [fine, coarse] = [valueNoise(r, 120), valueNoise(r, 40)];
  const slate = [38, 46, 48];
  return shadePixels(canvas, (x, y) => {
    const [u, v] = [x / size, y / size];
    const tooth = fine((u + v * 0.45) % 1, (((v - u * 0.45) % 1) + 1) % 1) * 0.6 + coarse(u, v) * 0.4 + r.u(-0.35, 0.35);
    const colour = pixelAt(pixels, size, x, y);
    const cover = clamp((luminance(colour) * 1.05 + 0.08 + tooth * 0.55 - 0.28) * 2.2) * 0.85;
    const line = (edges[3 * (y * size + x)] / 255) * clamp(0.75 + tooth);
    return slate.map((ground, channel) => (ground * (1 - cover) + (colour[channel] * 0.8 + 50) * cover) * (1 - line) + 240 * line);
  });
}
