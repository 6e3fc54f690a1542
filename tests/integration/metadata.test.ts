/** @file What pictures say about themselves, from their files to the library and the terminal, and the files untouched. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AssetMetadata } from "#shared/domain/asset-metadata";
import { createEngine, type Engine } from "#main/engine/engine";
import { cli, type ErrorDocument } from "../support/cli";
import { connect, engineQuestions, refusal } from "../support/engine-client";
import { folderState } from "../support/folder-state";
import {
  comfyGeneration,
  comfyPrompt,
  infotext,
  iptcSegment,
  jpegWith,
  jpegWithExif,
  pngChunk,
  pngWith,
  pngWithTexts,
  textChunk,
  unicodeComment,
  webpWithExif,
} from "../support/metadata-samples";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const libraryPath = join(scratch, "library");
let engine: Engine;
const { finished, rescan, assetNamed } = engineQuestions(() => engine);
const open = (): Promise<Engine> => createEngine({ libraryPath, inference: "in-process", device: "cpu" });

const files = {
  "a1111.png": () => pngWithTexts({ parameters: infotext }, 1),
  "comfy.png": () => pngWithTexts({ prompt: comfyPrompt, workflow: '{"nodes": []}' }, 2),
  "comfy.webp": () => webpWithExif({ Make: 'workflow:{"nodes": []}', Model: `prompt:${comfyPrompt}` }, 3),
  "invoke.png": () => pngWithTexts({ invokeai_metadata: '{"positive_prompt": "a fox", "seed": 9, "steps": 4}' }, 4),
  "fooocus.jpg": () =>
    jpegWithExif({ UserComment: unicodeComment('{"prompt": "a fox", "seed": 8}'), MakerNote: Buffer.from("fooocus") }, 5),
  "described.jpg": () => jpegWith([iptcSegment([[25, Buffer.from("Füchse")]])], 6),
  "malformed.png": () =>
    pngWith(
      [
        pngChunk("zTXt", Buffer.from("parameters\0\0no deflate")),
        textChunk("prompt", '{"1": {"class_type"'),
        pngChunk("eXIf", Buffer.from("II")),
      ],
      { seed: 7 },
    ),
};

beforeAll(async () => {
  await mkdir(photos);
  for (const [name, make] of Object.entries(files)) await writeFile(join(photos, name), await make());
  await writePicture(join(photos, "plain.png"), 8);
  engine = await open();
});
afterAll(() => engine.dispose());

const metadataOf = async (name: string): Promise<AssetMetadata | null> =>
  (await connect(engine).assets.detail({ assetId: (await assetNamed(name)).id })).metadata;

test("an index run describes every picture and changes none", async () => {
  const before = await folderState(photos);
  const { jobId } = await connect(engine).roots.add({ paths: [photos] });
  expect(await finished(jobId)).toMatchObject({ total: 8, issueCount: 0 });
  expect(await folderState(photos)).toEqual(before);
  expect((await metadataOf("a1111.png"))?.generation).toMatchObject({
    generator: "a1111",
    seed: "18446744073709551615",
    model: "sd_xl_base_1.0",
  });
  expect((await metadataOf("comfy.png"))?.generation).toEqual(comfyGeneration);
  expect((await metadataOf("comfy.webp"))?.generation).toEqual(comfyGeneration);
  expect((await metadataOf("invoke.png"))?.generation).toMatchObject({ generator: "invokeai", prompt: "a fox", seed: "9" });
  expect((await metadataOf("fooocus.jpg"))?.generation).toMatchObject({ generator: "fooocus", prompt: "a fox", seed: "8" });
  expect((await metadataOf("described.jpg"))?.description?.keywords).toEqual(["Füchse"]);
  for (const name of ["malformed.png", "plain.png"])
    expect(await metadataOf(name)).toMatchObject({ capture: null, description: null, phash: expect.stringMatching(/^[0-9a-f]{16}$/) });
  const palette = (await metadataOf("plain.png"))?.palette ?? [];
  expect(palette.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
});

test("the texts themselves are kept as they stand in the file", async () => {
  const raw = async (name: string) => connect(engine).assets.rawMetadata({ assetId: (await assetNamed(name)).id });
  expect(await raw("a1111.png")).toEqual({ entries: [{ name: "parameters", text: infotext }] });
  expect(await raw("malformed.png")).toEqual({ entries: [{ name: "prompt", text: '{"1": {"class_type"' }] });
  expect(await raw("plain.png")).toEqual({ entries: [] });
});

test("pictures of a library from before are described by the next run, and not measured again", async () => {
  const vectors = async () => {
    const recipe = engine.store.recipes.list()[0];
    const { id } = await assetNamed("plain.png");
    return recipe === undefined ? null : ((await engine.store.findEmbeddings(recipe.id)?.get([id]))?.get(id) ?? null);
  };
  const [described, measured] = [await metadataOf("plain.png"), await vectors()];
  await engine.dispose();
  await rm(join(libraryPath, "tables", "metadata.lance"), { recursive: true });
  engine = await open();
  expect(await metadataOf("plain.png")).toBeNull();
  expect(await rescan()).toMatchObject({ done: 8, total: 8 });
  expect(await metadataOf("plain.png")).toEqual(described);
  expect(await vectors()).toEqual(measured);
  expect(await rescan()).toMatchObject({ total: 0 });
});

test("a changed file is described anew, and one that is gone takes its texts along", async () => {
  const { id } = await assetNamed("invoke.png");
  await writeFile(join(photos, "invoke.png"), await pngWithTexts({ invokeai_metadata: '{"positive_prompt": "a dog", "seed": 10}' }, 4));
  await rescan();
  expect((await metadataOf("invoke.png"))?.generation).toMatchObject({ prompt: "a dog", seed: "10" });
  expect(await engine.store.metadata.raw(id)).toBeNull();
  expect(await refusal(connect(engine).assets.detail({ assetId: id }))).toMatchObject({ code: "asset/not-found" });
});

test("`info` tells of any file what a library would know, without one", async () => {
  const before = await folderState(photos);
  const [a1111, plain] = [join(photos, "a1111.png"), join(photos, "plain.png")];
  const run = await cli("info", a1111, plain, "--json");
  expect(run.exitCode).toBe(0);
  const { images, failed } = run.json<{ images: readonly object[]; failed: readonly object[] }>();
  expect(failed).toEqual([]);
  expect(images).toEqual([
    { path: a1111, format: "png", width: 96, height: 72, ...(await metadataOf("a1111.png")) },
    { path: plain, format: "png", width: 96, height: 72, ...(await metadataOf("plain.png")) },
  ]);
  expect((await cli("info", a1111, "--raw", "--jsonl")).jsonLines()).toMatchObject([{ raw: { parameters: infotext } }]);
  const text = await cli("info", a1111, "--raw");
  for (const line of ["seed             18446744073709551615", "LoRAs            ink_style 0.8, detail", "parameters:"])
    expect(text.out).toContain(line);
  expect(await folderState(photos)).toEqual(before);
});

test("`info` says what is wrong with a file, and still tells of the others", async () => {
  const [text, plain] = [join(scratch, "notes.txt"), join(photos, "plain.png")];
  await writeFile(text, "no picture");
  const one = await cli("info", text, "--json");
  expect(one.exitCode).toBe(3);
  expect(one.json<ErrorDocument>().error).toMatchObject({ code: "image/undecodable", message: expect.stringContaining(text) });
  const both = await cli("info", text, plain, "--json");
  expect(both.exitCode).toBe(3);
  expect(both.json()).toMatchObject({ images: [{ path: plain }], failed: [{ path: text, code: "image/undecodable" }] });
  expect((await cli("info")).exitCode).toBe(2);
});
