/** @file Which files of a path hold the weights. Pickled files are refused: opening one can run any program. */
import { open, readdir, readFile, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { z } from "zod";
import { appError } from "#shared/domain/app-error";

const pickleExtensions = new Set([".ckpt", ".pt", ".pth", ".bin", ".pkl"]);
const baseNames = ["diffusion_pytorch_model", "model"];
const variants = ["", ".fp16", ".non_ema", ".bf16"];
/** Files that complete the network they lie beside, and are never it: the linear layers of LPIPS. */
const companionNames = new Set(["lpips.safetensors"]);
const indexName = /\.safetensors\.index(?:\.[\w-]+)?\.json$/;
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * The .safetensors files of a checkpoint, one or the shards of an index.
 * @throws checkpoint/not-found, checkpoint/refused, checkpoint/incomplete, weights/malformed
 */
export async function findWeightFiles(path: string): Promise<readonly string[]> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw appError("checkpoint/not-found", `There is no checkpoint at ${path}.`, {
      cause,
      hint: "Give a .safetensors file, or the folder of a diffusers or transformers model.",
    });
  });
  if (stats.isDirectory()) return findInFolder(path);
  if (indexName.test(path)) return readIndex(path);
  await refusePickle(path);
  return [path];
}

async function findInFolder(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).sort();
  const preferred = baseNames
    .flatMap((base) => variants.map((variant) => `${base}${variant}.safetensors`))
    .find((name) => names.includes(name));
  if (preferred !== undefined) return [join(folder, preferred)];
  const index = names.find((name) => indexName.test(name));
  if (index !== undefined) return readIndex(join(folder, index));
  const candidates = names.filter((name) => extname(name) === ".safetensors" && !companionNames.has(name));
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return [join(folder, only)];
  if (candidates.length > 1) {
    throw appError("checkpoint/unsupported", `${folder} holds ${candidates.length} .safetensors files and none has a standard name.`, {
      hint: "Name the one file that is meant.",
    });
  }
  const pickled = names.find((name) => pickleExtensions.has(extname(name).toLowerCase()));
  if (pickled !== undefined) throw refused(join(folder, pickled));
  throw appError("checkpoint/not-found", `${folder} holds no .safetensors file.`, {
    hint: "Choose the folder with config.json and the weights of one network.",
  });
}

/** Shards named by an index, which must lie beside it. */
async function readIndex(path: string): Promise<readonly string[]> {
  const folder = join(path, "..");
  const parsed = indexSchema.safeParse(parseJson(await readFile(path, "utf8")));
  if (!parsed.success)
    throw appError("weights/malformed", `${basename(path)} is not an index of weight shards.`, { hint: "Download the file again." });
  const shards = [...new Set(Object.values(parsed.data.weight_map))].sort();
  const present = new Set(await readdir(folder));
  for (const shard of shards) {
    if (shard !== basename(shard) || shard.includes("\\") || shard === "..")
      throw appError("weights/malformed", `${basename(path)} names the shard ${JSON.stringify(shard)}, which is not a file beside it.`);
    if (!present.has(shard))
      throw appError("checkpoint/incomplete", `${folder} lacks the shard ${shard}.`, { hint: "Download the missing file." });
  }
  if (shards.length === 0) throw appError("weights/malformed", `${basename(path)} names no shard.`, { hint: "Download the file again." });
  return shards.map((shard) => join(folder, shard));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Refuses pickles by name and, when renamed, by their first bytes. */
async function refusePickle(path: string): Promise<void> {
  if (pickleExtensions.has(extname(path).toLowerCase())) throw refused(path);
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw appError("checkpoint/not-found", `${path} cannot be opened.`, { cause, hint: "Check the permissions of the file." });
  });
  try {
    const { buffer } = await handle.read(Buffer.alloc(9), 0, 9, 0);
    if (looksPickled(buffer)) throw refused(path);
  } finally {
    await handle.close();
  }
}

/** A zip archive, as torch.save writes, or a bare pickle of protocol 2 to 5; a safetensors header, whose JSON opens at byte 8, may begin alike. */
function looksPickled(start: Buffer): boolean {
  const isZip = start.readUInt32BE(0) === 0x504b_0304;
  const isPickle = start[0] === 0x80 && (start[1] ?? 0) >= 2 && (start[1] ?? 0) <= 5;
  return start[8] !== "{".charCodeAt(0) && (isZip || isPickle);
}

function refused(path: string): Error {
  return appError("checkpoint/refused", `${basename(path)} is a pickled file, and opening one can run any program hidden in it.`, {
    hint: "Convert it to .safetensors, or download the .safetensors file of the same model.",
  });
}
