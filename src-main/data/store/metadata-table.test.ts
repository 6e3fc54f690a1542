import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "@lancedb/lancedb";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AssetMetadata } from "#shared/domain/asset-metadata";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { hashBytes } from "../library/asset-hash";
import { contentPath } from "./content-path";
import { createTextSharing, fromCells, toCells, unpackMetadata } from "./metadata-row";
import { openStore } from "./store";
import type { DescribedAsset, Store } from "./store-types";

const scratch = scratchFolder();
let library: string;
let store: Store;
let libraries = 0;

beforeEach(async () => {
  library = join(scratch, `library-${(libraries += 1)}`);
  store = await openStore(library);
});
afterEach(() => store.close());

async function reopen(options: { readonly readOnly?: boolean } = {}): Promise<void> {
  await store.close();
  store = await openStore(library, options);
}

const silent: AssetMetadata = { generation: null, capture: null, description: null, palette: [], phash: "0123456789abcdef" };
const told: AssetMetadata = {
  generation: {
    generator: "a1111",
    model: 'it\'s "quoted"',
    modelHash: null,
    loras: [{ name: "ink", weight: 0.8 }],
    sampler: null,
    scheduler: null,
    steps: 28,
    cfgScale: 6.5,
    seed: "18446744073709551615",
    prompt: "狐\n, 'a'",
    negativePrompt: null,
  },
  capture: null,
  description: { title: null, caption: null, creator: null, copyright: null, keywords: ["ink"], rating: 4 },
  palette: [
    { colour: "#c04030", share: 0.7 },
    { colour: "#ffffff", share: 0.3 },
  ],
  phash: "fedcba9876543210",
};

function described(name: string, metadata: AssetMetadata, raw: DescribedAsset["raw"] = {}): DescribedAsset {
  return { id: hashBytes(Buffer.from(name)), metadata, raw };
}

const fox = described("fox", told, { parameters: "狐", __proto__x: "odd" });
const dog = described("dog", silent);

test("what was described is there after a restart: at once that it is, the rest when it is asked for", async () => {
  await store.metadata.upsert([fox, dog]);
  await reopen();
  expect(store.metadata.has(fox.id)).toBe(true);
  expect(store.metadata.missing([dog.id, hashBytes(Buffer.from("new")), dog.id])).toEqual([hashBytes(Buffer.from("new"))]);
  expect(await store.metadata.read(fox.id)).toEqual(told);
  expect(await store.metadata.read(hashBytes(Buffer.from("new")))).toBeNull();
  await store.metadata.ready();
  expect(store.metadata.get(dog.id)).toEqual(silent);
  expect(Object.fromEntries(store.metadata.entries())).toEqual({ [fox.id]: told, [dog.id]: silent });
});

test("the texts lie beside the table, only of pictures that have any", async () => {
  await store.metadata.upsert([fox, dog]);
  await reopen();
  expect(await store.metadata.raw(fox.id)).toEqual(fox.raw);
  expect(await store.metadata.raw(dog.id)).toBeNull();
  expect(existsSync(contentPath(join(library, "raw-metadata"), dog.id, ".json.gz"))).toBe(false);
});

test("what changes while rows are loaded is not overwritten by what was loaded, and every change counts", async () => {
  await store.metadata.upsert([fox, dog]);
  await reopen();
  const before = store.metadata.revision;
  const loaded = store.metadata.ready();
  await store.metadata.upsert([{ ...fox, metadata: silent }]);
  await store.metadata.removeAssets([dog.id]);
  await loaded;
  expect(Object.fromEntries(store.metadata.entries())).toEqual({ [fox.id]: silent });
  expect(store.metadata.revision).toBe(before + 2);
});

test("a picture that no file has any more takes its metadata along", async () => {
  const pictures = scratch;
  const root = await store.roots.add(pictures, { isSample: false });
  await store.assets.upsert([{ id: fox.id, width: 1, height: 1, format: "png" }]);
  await store.metadata.upsert([fox]);
  await store.files.upsert([{ path: join(pictures, "fox.png"), rootId: root.id, assetId: fox.id, sizeBytes: 1, mtimeMs: 1 }]);
  await store.files.remove([join(pictures, "fox.png")]);
  await store.assets.removeOrphans();
  expect(store.metadata.has(fox.id)).toBe(false);
  expect(await store.metadata.read(fox.id)).toBeNull();
  expect(await store.metadata.raw(fox.id)).toBeNull();
});

test("a library from before pictures were described opens, to read and to write", async () => {
  await store.close();
  await rm(join(library, "tables", "metadata.lance"), { recursive: true });
  store = await openStore(library, { readOnly: true });
  expect(store.metadata.has(fox.id)).toBe(false);
  await store.metadata.ready();
  expect([...store.metadata.entries()]).toEqual([]);
  await expect(store.metadata.upsert([fox])).rejects.toMatchObject({ code: "library/read-only" });
  await reopen();
  await store.metadata.upsert([fox]);
  await reopen({ readOnly: true });
  expect(await store.metadata.read(fox.id)).toEqual(told);
});

test("what an older version of the readers described is still shown, and described again", async () => {
  await store.metadata.upsert([fox]);
  await store.close();
  const table = await (await connect(join(library, "tables"))).openTable("metadata");
  await table.update({ values: { version: 0 } });
  store = await openStore(library);
  expect(store.metadata.missing([fox.id])).toEqual([fox.id]);
  expect(await store.metadata.read(fox.id)).toEqual(told);
  await store.metadata.upsert([{ ...fox, metadata: silent }]);
  expect(await store.metadata.read(fox.id)).toEqual(silent);
});

test("a row says again what was put in it", () => {
  const text = fc.option(fc.string({ unit: "grapheme" }));
  const number = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0));
  const metadata: fc.Arbitrary<AssetMetadata> = fc.record({
    generation: fc.constant(null),
    capture: fc.option(
      fc.record({
        camera: text,
        lens: text,
        takenMs: number,
        exposureSeconds: number,
        fNumber: number,
        iso: number,
        focalLengthMm: number,
      }),
    ),
    description: fc.option(
      fc.record({ title: text, caption: text, creator: text, copyright: text, keywords: fc.array(fc.string()), rating: fc.constant(3) }),
    ),
    palette: fc.array(fc.record({ colour: fc.constantFrom("#000000", "#c04030"), share: fc.nat(10_000).map((units) => units / 10_000) })),
    phash: fc.constant("0123456789abcdef"),
  });
  fc.assert(
    fc.property(metadata, (value) => {
      const packed = fromCells(toCells(value), createTextSharing());
      expect(packed === null ? null : unpackMetadata(packed)).toEqual(value);
    }),
  );
  expect(fromCells({ json: "{cut", palette: "", phash: "" }, createTextSharing())).toBeNull();
});
