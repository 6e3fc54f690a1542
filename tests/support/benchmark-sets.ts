/** @file Small datasets in the layouts that `semblance bench` reads, made of pictures that share their colours where a set says they are alike. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { picture, writePicture } from "./pictures";

/** A 24-bit bitmap of the picture of `seed`, as TID2013 has them. */
async function writeBitmap(path: string, seed: number): Promise<void> {
  const { data, info } = await picture(seed, { width: 40, height: 32 })
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const stride = Math.ceil((info.width * 3) / 4) * 4;
  const bytes = Buffer.alloc(54 + stride * info.height);
  bytes.write("BM", 0);
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(info.width, 18);
  bytes.writeInt32LE(info.height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let y = 0; y < info.height; y += 1)
    for (let x = 0; x < info.width; x += 1)
      for (let channel = 0; channel < 3; channel += 1)
        bytes[54 + (info.height - 1 - y) * stride + x * 3 + channel] = data[(y * info.width + x) * 3 + (2 - channel)] ?? 0;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** Three styles of three pictures, a style of one, and what lies around in folders. */
export async function writeStyleSet(folder: string): Promise<void> {
  for (let style = 0; style < 3; style += 1)
    for (let number = 0; number < 3; number += 1)
      await writePicture(join(folder, `style ${style}`, `${number}.${["png", "jpg", "jpeg"][number]}`), style + number * 5);
  await writePicture(join(folder, "lonely", "0.png"), 4);
  await writeText(join(folder, ".DS_Store"), "x");
  await writeText(join(folder, "style 0", "about.txt"), "x");
}

/** Two categories of two instances under two conditions, one instance alone in its category, one condition of one picture. */
export async function writeCute(folder: string): Promise<void> {
  let seed = 0;
  const write = (path: string) => writePicture(join(folder, path), (seed += 1));
  for (const category of ["cup", "chair"])
    for (const instance of ["one", "two"])
      for (const condition of ["indoor", "outdoor"])
        for (const name of ["0.png", "1.jpg", "2.jpeg"]) await write(`${category}/${instance}/${condition}/${name}`);
  for (const name of ["0.png", "1.png"]) await write(`lamp/alone/indoor/${name}`);
  await write("chair/three/indoor/0.png");
  await writeText(join(folder, "main.py"), "x");
}

/** Six rows over three splits, columns in another order than the set's own, a cell with a comma. */
export async function writeNights(folder: string): Promise<void> {
  const rows = ["prompt,split,ref_path,right_path,left_path,left_vote,right_vote,votes,is_imagenet,id"];
  const splits = ["val", "val", "test", "val", "test", "train"];
  for (const [index, split] of splits.entries()) {
    const name = `ref/000/00${index}.png`;
    const [left, right] = [`distort/000/00${index}_0.png`, `distort/000/00${index}_1.png`];
    await writePicture(join(folder, name), index);
    await writePicture(join(folder, left), index + 5);
    await writePicture(join(folder, right), index + 11);
    rows.push(
      `"Dog, ${index}",${split},${name},${right},${left},${index % 2 === 0 ? "1.0,0.0" : "0.0,1.0"},${index === 3 ? 5 : 9},False,${index}`,
    );
  }
  await writeText(join(folder, "data.csv"), `${rows.join("\n")}\n`);
}

/** Two of the 25 references, in flat or official folders; the second lacks a level of a distortion. */
export async function writeTid2013(folder: string, isFlat: boolean): Promise<void> {
  for (let reference = 1; reference <= 2; reference += 1) {
    const originals = isFlat ? "" : "reference_images";
    await writeBitmap(join(folder, originals, `I0${reference}.BMP`), reference);
    for (let distortion = 1; distortion <= 24; distortion += 1)
      for (const level of [1, 2, 3]) {
        if (reference === 2 && distortion === 7 && level === 3) continue;
        const name = `i0${reference}_${String(distortion).padStart(2, "0")}_${level}.bmp`;
        await writeBitmap(
          join(folder, isFlat ? "" : "distorted_images", reference === 2 ? name.toUpperCase() : name),
          reference + level * 5 + distortion,
        );
      }
  }
  await writeText(join(folder, "mos_with_names.txt"), "5.5 i01_01_1.bmp\n");
}

/** A character with all weights, one with five files as the set is published, one without its original. */
export async function writeIp(folder: string): Promise<void> {
  const weights = ["1.0", "0.8", "0.6", "0.4", "0.35", "0.3", "0.2"];
  for (const [index, weight] of weights.entries()) await writePicture(join(folder, "IPref/1", `${weight}.png`), 1 + index * 7);
  await writePicture(join(folder, "originals/1.JPG"), 1);
  for (const [index, weight] of ["1.0", "0.6", "0.4", "0.3"].entries())
    await writePicture(join(folder, "IPref/2", `ip_${weight}.png`), 2 + index * 7);
  await writePicture(join(folder, "IPref/2/original.png"), 2);
  for (const weight of ["1.0", "0.6"]) await writePicture(join(folder, "IPref/3", `${weight}.png`), 3);
}

/** Pictures of four methods, one of them outside the protocol, rated by two groups that now and then disagree. */
export async function writeDreambenchPlus(folder: string): Promise<void> {
  const methods = [
    { samples: "blip_diffusion_gs7_5_step100_seed42_torch_float16", ratings: "blip_diffusion" },
    { samples: "dreambooth_sd_gs7_5_step100", ratings: "dreambooth_sd" },
    { samples: "dreambooth_lora_sdxl_gs7_5_step100", ratings: "dreambooth_lora_sdxl" },
    { samples: "ip_adapter_plus_sdxl", ratings: "ip_adapter_plus_vit_h_sdxl" },
  ];
  const collections = ["style_1", "style_10"];
  for (const [number, { samples, ratings }] of methods.entries()) {
    const first: Record<string, number> = {};
    const second: Record<string, number> = {};
    for (const [place, collection] of collections.entries()) {
      await writePicture(join(folder, samples, "src_image", collection, "0_0.jpg"), number);
      for (let index = 0; index < 3; index += 1) {
        await writePicture(join(folder, samples, "tgt_image", collection, `${index}_0.jpg`), number + index * 4 + place);
        await writeText(join(folder, samples, "text", collection, `${index}_0.txt`), "a prompt\n");
        first[`${collection}-${index}`] = [0, 3, 4][index] ?? 0;
        second[`${collection}-${index}`] = [0, 2, place === 1 ? 1 : 4][index] ?? 0;
      }
    }
    for (const [group, rated] of [
      ["group1", first],
      ["group2", second],
    ] as const)
      await writeText(join(folder, "data_human_rating/merged_data", group, `${ratings}-cp.json`), JSON.stringify(rated));
  }
}
