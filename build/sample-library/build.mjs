/**
 * @file Draws the sample library: twelve subjects in twelve styles, and one character in twenty pictures with three planted mistakes.
 * `node build/sample-library/build.mjs [OUT] [SIZE]` writes WebP files and manifest.json. All pictures come from this code.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { character } from "./character.mjs";
import { random } from "./random.mjs";
import { styles } from "./styles.mjs";
import { subjects } from "./subjects.mjs";

const out = process.argv[2] ?? "resources/sample-library";
const size = Number(process.argv[3] ?? 640);
const manifest = [];

const identity = {
  hair: "#7a3b2e",
  skin: "#f0c9a4",
  coat: "#2f7f86",
  scarf: "#e2a33b",
  eyes: "#2b3a55",
  boots: "#5a4334",
  hairStyle: "bob",
};
/** What was planted: a changed coat, long fair hair, spiky dark hair with other eyes and skin. */
const mistakes = {
  4: { scarf: "#8a2d5a", coat: "#8f3b3b" },
  10: { hair: "#e8d36a", hairStyle: "long" },
  15: { hair: "#2a2530", hairStyle: "spiky", eyes: "#3f7d3a", skin: "#c98f63" },
};
/** Width by height of the crop, in turn: a library is never all squares. */
const formats = [
  [1, 1],
  [1, 0.8],
  [0.82, 1],
  [1, 0.88],
];

/** Mirrors, enlarges and moves a scene a little, so that equal subjects are not equal pictures. */
function compose(scene, r) {
  const zoom = r.u(1, 1.14);
  const [dx, dy] = [r.u(-0.8, 0.8) * 50 * (zoom - 1), r.u(-0.8, 0.8) * 50 * (zoom - 1)];
  const mirror = r.f() < 0.5 ? "translate(100 0) scale(-1 1) " : "";
  return {
    ...scene,
    transform: `${mirror}translate(${(50 - 50 * zoom + dx).toFixed(2)} ${(50 - 50 * zoom + dy).toFixed(2)}) scale(${zoom.toFixed(3)})`,
  };
}

async function draw({ name, entry, scene, style, seed, format }) {
  const frame = { left: 50 - 50 * format[0], top: 60 - 60 * format[1], width: 100 * format[0], height: 100 * format[1] };
  const picture = await style.render(scene, { size, r: random(seed), sharp, frame });
  const [left, top, width, height] = [frame.left, frame.top, frame.width, frame.height].map((share) => Math.round((share * size) / 100));
  const file = `${name}.webp`;
  await sharp(picture).extract({ left, top, width, height }).webp({ quality: 68, effort: 6, smartSubsample: true }).toFile(join(out, file));
  manifest.push({ file, ...entry });
}

mkdirSync(out, { recursive: true });
let seed = 1;
for (const [row, [styleName, style]] of Object.entries(styles).entries()) {
  for (const [subject, build] of Object.entries(subjects)) {
    const scene = compose(build(random(1000 + (seed % 7) * 31 + subject.length)), random(7000 + seed));
    const format = formats[(seed + row) % formats.length];
    await draw({ name: `${subject}--${styleName}`, entry: { subject, style: styleName }, scene, style, seed, format });
    seed += 1;
  }
}
const drawn = Object.keys(styles).filter((name) => styles[name].drawsCharacter);
for (let i = 0; i < 20; i++) {
  const styleName = drawn[i % drawn.length];
  const isMistake = mistakes[i] !== undefined;
  const scene = character({ ...identity, ...mistakes[i] }, i, random(500 + i));
  const entry = { subject: "mira", style: styleName, ...(isMistake ? { outlier: true } : {}) };
  await draw({ name: `mira-${String(i + 1).padStart(2, "0")}`, entry, scene, style: styles[styleName], seed: 9000 + i, format: [1, 1] });
}
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
process.stdout.write(`${manifest.length} pictures in ${out}\n`);
