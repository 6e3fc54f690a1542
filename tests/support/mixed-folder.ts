/** @file A folder as people have them: 500 files of every format, damaged, doubled, linked, oddly named. */
import { chmod, mkdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { picture } from "./pictures";

/** What an index run must make of a file. */
export type Fate =
  /** An asset of the library. */
  | "picture"
  /** Listed as skipped, with its reason. */
  | "skipped"
  /** No picture and not meant to be one: not mentioned. */
  | "ignored";

export interface MixedFolder {
  readonly root: string;
  readonly fates: ReadonlyMap<string, Fate>;
  /** Paths that hold the same bytes as another one. */
  readonly duplicates: number;
}

const formats = ["jpg", "png", "webp", "gif", "tiff", "bmp", "avif"] as const;
type Format = (typeof formats)[number];

/** A 24-bit bitmap of RGB pixels. */
function encodeBmp(rgb: Buffer, width: number, height: number): Buffer {
  const stride = Math.ceil((3 * width) / 4) * 4;
  const file = Buffer.alloc(54 + stride * height);
  file.write("BM", 0, "latin1");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = 3 * (y * width + x);
      const to = 54 + stride * (height - 1 - y) + 3 * x;
      file[to] = rgb[from + 2]!;
      file[to + 1] = rgb[from + 1]!;
      file[to + 2] = rgb[from]!;
    }
  }
  return file;
}

async function encode(seed: number, format: Format): Promise<Buffer> {
  const made = picture(seed, { width: 48 + (seed % 40), height: 40 + (seed % 23) }).flatten();
  if (format === "jpg") return made.jpeg().toBuffer();
  if (format === "avif") return made.avif({ effort: 0 }).toBuffer();
  if (format !== "bmp") return made.toFormat(format).toBuffer();
  const { data, info } = await made.raw().toBuffer({ resolveWithObject: true });
  return encodeBmp(data, info.width, info.height);
}

/** Fills `root` with exactly 500 names below it; `outside` gets what links point to. */
export async function makeMixedFolder(root: string, outside: string): Promise<MixedFolder> {
  const fates = new Map<string, Fate>();
  let duplicates = 0;
  let seed = 1000;
  let entries = 0;

  async function put(name: string, bytes: Uint8Array | string, fate: Fate): Promise<string> {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    // Times that are not of this moment, with a part of a millisecond, as copied files have them.
    await utimes(path, 1.6e9 + entries, 1.6e9 + entries + 0.25);
    fates.set(path, fate);
    entries += 1;
    return path;
  }

  async function putPicture(name: string, format: Format): Promise<string> {
    seed += 1;
    return put(name, await encode(seed, format), "picture");
  }

  async function putLink(name: string, target: string, fate: Fate): Promise<void> {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(target, path);
    fates.set(path, fate);
    entries += 1;
  }

  for (const format of formats) {
    for (let number = 0; number < 48; number += 1)
      await putPicture(join(`${format} files`, `${number % 4}`, `picture ${number}.${format}`), format);
    const whole = await encode((seed += 1), format);
    await put(`damaged/cut-short.${format}`, whole.subarray(0, Math.floor(whole.length * 0.45)), "skipped");
    await put(`damaged/header-only.${format}`, whole.subarray(0, 40), "skipped");
    await put(`damaged/empty.${format}`, "", "skipped");
    await put(`damaged/text.${format}`, "This is a letter, not a picture.", "skipped");
    await put(
      `damaged/noise.${format}`,
      Buffer.from(Array.from({ length: 600 }, (_, index) => (index * 7919 + seed * 31) & 255)),
      "skipped",
    );
    const other = formats[(formats.indexOf(format) + 1) % formats.length] ?? "png";
    await putPicture(`lying/really-${format}.${other}`, format);
  }
  for (let orientation = 1; orientation <= 8; orientation += 1) {
    seed += 1;
    await put(
      `rotated/orientation-${orientation}.jpg`,
      await picture(seed).flatten().withMetadata({ orientation }).jpeg().toBuffer(),
      "picture",
    );
  }
  for (const [index, name] of [
    "été",
    "写真",
    "صورة",
    "🎨 палитра",
    "a\u0301 combined",
    "new\nline",
    "  spaces  ",
    "quo'te\"s",
    "per%20cent",
    "back\\slash",
    "-dash",
    "#hash?query",
  ].entries()) {
    await putPicture(join("names", name, `${name}.png`), formats[index % 3] ?? "png");
  }
  for (const format of ["png", "jpg"] as const) await putPicture(`names/${"x".repeat(251 - format.length)}${format}.${format}`, format);
  await putPicture(`${"deep/".repeat(60)}bottom.png`, "png");
  await putPicture("UPPER CASE.JPG", "jpg");

  const originals = [...fates].filter(([, fate]) => fate === "picture").slice(0, 40);
  for (const [index, [path]] of originals.entries()) {
    await put(`copies/${index} ${basename(path)}`, await readFile(path), "picture");
    duplicates += 1;
  }
  const brokenTwin = await readFile(join(root, "damaged/cut-short.png"));
  await put("copies/cut-short again.png", brokenTwin, "skipped");

  for (const [name, bytes] of Object.entries({
    "phone.heic": "heic",
    "layers.psd": "8BPS",
    "drawing.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "sensor.cr2": "II*",
  })) {
    await put(`other formats/${name}`, bytes, "skipped");
  }
  for (const name of ["notes.txt", "clip.mp4", "list.json", "Thumbs.db", ".DS_Store", ".hidden.png", ".git/picture.png"])
    await put(`not pictures/${name}`, "x", "ignored");

  await mkdir(outside, { recursive: true });
  await writeFile(join(outside, "far.png"), await encode((seed += 1), "png"));
  await putLink("links/to outside.png", join(outside, "far.png"), "picture");
  await putLink("links/to inside.png", originals[0]?.[0] ?? "", "picture");
  duplicates += 1;
  await putLink("links/to nothing.png", join(root, "nothing.png"), "skipped");
  await putLink("links/loop", join(root, "links"), "ignored");
  await putLink("links/to itself.png", join(root, "links/to itself.png"), "skipped");
  await putLink("up", root, "ignored");

  if (process.getuid?.() !== 0) {
    await chmod(await put("closed/closed.png", await encode((seed += 1), "png"), "skipped"), 0o000);
  }
  while (entries < 500) await putPicture(`more/fill ${entries}.png`, "png");
  return { root, fates, duplicates };
}
