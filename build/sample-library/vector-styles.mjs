/** @file Styles made of vector shapes and SVG filters. A style is `(scene, canvas) => Promise<PNG bytes>`. */
import { mix, snap } from "./colour.mjs";
import { brightnessAt, toPixels, toPng, vector } from "./render.mjs";

const posterInks = ["#20304f", "#e4572e", "#f3a712", "#f0efe0", "#5a8f7b", "#8cc0c9", "#7a3045"];
const nightPaints = ["#0f1730", "#1f2f5c", "#3b4f8a", "#7a6fb0", "#d58fb0", "#f4cf8f", "#f8f2dc"];

/** A filter that bends edges by noise, as a wet or dry brush does. */
function bend(id, frequency, octaves, scale, seed) {
  const noise = `<feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="${octaves}" seed="${seed}"/>`;
  const move = `<feDisplacementMap in="SourceGraphic" scale="${scale}" xChannelSelector="R" yChannelSelector="G"/>`;
  return `<filter id="${id}" x="-20%" y="-20%" width="140%" height="140%">${noise}${move}</filter>`;
}

/** A filter that fills its area with grain; `matrix` turns noise into colour and alpha. */
function grain(id, frequency, octaves, seed, matrix) {
  const noise = `<feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="${octaves}" seed="${seed}"/>`;
  return `<filter id="${id}" x="0" y="0" width="100%" height="100%">${noise}<feColorMatrix values="${matrix}"/></filter>`;
}

const layer = (filter, opacity = 1) => `<rect width="100" height="100" filter="url(#${filter})" opacity="${opacity}"/>`;
const filtered = (id) => (shape) => `<g filter="url(#${id})">${shape}</g>`;

/** Flat shapes in seven inks. */
export function poster(scene, canvas) {
  return toPng(vector(scene, { ...canvas, tone: (colour) => snap(colour, posterInks) }), canvas);
}

/** Night gouache: dark paints with dry, bent edges. */
export function gouache(scene, canvas) {
  const options = {
    ...canvas,
    tone: (colour) => snap(mix(colour, "#16204a", 0.28), nightPaints),
    defs: bend("dry", 0.05, 3, 1.6, canvas.r.i(1, 99)) + grain("grain", 0.5, 2, 4, "0 0 0 0 1  0 0 0 0 1  0 0 0 0 1  .5 0 0 0 -.22"),
    wrapShape: filtered("dry"),
    over: layer("grain", 0.5),
  };
  return toPng(vector(scene, options), canvas);
}

/** Lines of one hatching direction wherever the picture is darker than `threshold`. */
function hatch(pixels, { size, r }, { angle, threshold, gap }) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const lines = [];
  for (let offset = -75; offset < 75; offset += gap) {
    let run = [];
    const flush = () => {
      if (run.length > 2) lines.push(`M${run.map((point) => point.map((value) => value.toFixed(1))).join("L")}`);
      run = [];
    };
    for (let along = -75; along < 75; along += 0.8) {
      const wave = offset + 0.25 * Math.sin(along / 5 + offset);
      const [x, y] = [50 + c * along - s * wave, 50 + s * along + c * wave];
      const isOutside = x < 1 || y < 1 || x > 99 || y > 99;
      if (isOutside || brightnessAt(pixels, size, (x * size) / 100, (y * size) / 100) > threshold + r.u(-0.03, 0.03)) flush();
      else run.push([x, y]);
    }
    flush();
  }
  return lines.join("");
}

/** Pen outline and tonal hatching on cream paper. */
export async function ink(scene, canvas) {
  const [paper, black] = ["#f6f0e1", "#23211f"];
  const pixels = await toPixels(vector(scene, { ...canvas, lit: 0.3 }), canvas);
  const hatching = [
    { angle: 0.78, threshold: 0.66, gap: 1.5 },
    { angle: -0.5, threshold: 0.46, gap: 1.6 },
    { angle: 1.4, threshold: 0.28, gap: 1.3 },
  ].map((direction) => hatch(pixels, canvas, direction));
  const options = {
    ...canvas,
    tone: () => paper,
    outline: black,
    outlineWidth: 0.42,
    ground: paper,
    wrapShape: (shape) => shape.replace(/stroke="#f6f0e1" stroke-width="[\d.]+"/, `stroke="${black}" stroke-width=".7"`),
    over: `<path d="${hatching.join("")}" fill="none" stroke="${black}" stroke-width=".26" stroke-linecap="round"/>`,
  };
  return toPng(vector(scene, options), canvas);
}

/** Two washes with a dark rim where the paint dried, on mottled paper that shows around the picture. */
export function watercolour(scene, canvas) {
  const seed = canvas.r.i(1, 900);
  const tone = (colour) => mix(colour, "#fffaf0", 0.2);
  const wash = (shape, { line, fill }) => {
    if (line) return `<g filter="url(#edge)" opacity=".8">${shape}</g>`;
    const rim = shape.replace("/>", ` stroke="${mix(tone(fill), "#2b2140", 0.45)}" stroke-width=".7" fill-opacity=".45"/>`);
    return `<g filter="url(#wet)" opacity=".72">${shape}</g><g filter="url(#edge)" opacity=".45">${rim}</g>`;
  };
  const defs =
    bend("wet", 0.018, 4, 4.5, seed) +
    bend("edge", 0.05, 3, 3, seed + 1) +
    grain("paper", 0.035, 5, seed, "0 0 0 0 1  0 0 0 0 .98  0 0 0 0 .93  1.4 0 0 0 -.55") +
    grain("tooth", 0.8, 2, 7, "0 0 0 0 .35  0 0 0 0 .3  0 0 0 0 .25  .35 0 0 0 -.14");
  const { left, top, width, height } = canvas.frame;
  const sheet = `M-9,-9H109V109H-9ZM${left + 4},${top + 4}v${height - 8}h${width - 8}v${8 - height}Z`;
  const margin = `<path d="${sheet}" fill="#fbf7ee" fill-rule="evenodd" filter="url(#edge)"/>`;
  return toPng(vector(scene, { ...canvas, tone, defs, wrapShape: wash, over: layer("paper", 0.3) + layer("tooth") + margin }), canvas);
}

/** Layers of coloured paper: flat tones, a light cut edge, and a hard shadow under every sheet. */
export function papercut(scene, canvas) {
  const tone = (colour) => mix(colour, "#f2b8a0", 0.18);
  const shadow =
    '<feDropShadow dx="1.1" dy="1.7" stdDeviation="1.1" flood-color="#120c1c" flood-opacity=".6"/>' +
    '<feDropShadow dx="-.35" dy="-.4" stdDeviation=".1" flood-color="#fffdf6" flood-opacity=".85"/>';
  const defs =
    `<filter id="shadow" x="-20%" y="-20%" width="150%" height="150%">${shadow}</filter>` +
    grain("fibre", ".06 .4", 3, 9, "0 0 0 0 1  0 0 0 0 1  0 0 0 0 1  .6 0 0 0 -.25");
  return toPng(vector(scene, { ...canvas, tone, defs, wrapShape: filtered("shadow"), over: layer("fibre", 0.55) }), canvas);
}
