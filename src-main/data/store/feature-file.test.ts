import { readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { RecipeId } from "#shared/domain/feature-recipe";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { diskFileWriter, type FileWriter } from "../../platform/atomic-file";
import { createFeatureCache } from "./feature-cache";
import type { FeatureArray, FeatureBlob } from "./feature-file";
import { decodeFeatureFile, encodeFeatureFile } from "./feature-file";
import type { FeatureCache } from "./store-types";
import { createWriter } from "./writer";

const arrayArbitrary: fc.Arbitrary<FeatureArray> = fc.oneof(
  fc.float32Array({ maxLength: 40 }).map((data): FeatureArray => ({ dtype: "float32", shape: [data.length], data })),
  fc.uint16Array({ maxLength: 40 }).map((data): FeatureArray => ({ dtype: "float16", shape: [1, data.length], data })),
  fc.int32Array({ maxLength: 40 }).map((data): FeatureArray => ({ dtype: "int32", shape: [data.length, 1], data })),
  fc.uint8Array({ maxLength: 40 }).map((data): FeatureArray => ({ dtype: "uint8", shape: [data.length], data })),
  fc.int8Array({ maxLength: 40 }).map((data): FeatureArray => ({ dtype: "int8", shape: [data.length], data })),
);
/** The names are our own; the one that JavaScript takes for something else is not among them. */
const nameArbitrary = fc.string().filter((name) => name !== "__proto__");
const blobArbitrary: fc.Arbitrary<FeatureBlob> = fc.record({
  meta: fc
    .dictionary(nameArbitrary, fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer())))
    .map((meta) => ({ ...meta })),
  arrays: fc.dictionary(nameArbitrary, arrayArbitrary, { maxKeys: 5 }).map((arrays) => ({ ...arrays })),
});

const blob: FeatureBlob = {
  meta: { heads: 2, grid: { rows: 2, columns: 3, prefix: 1 } },
  arrays: {
    query: { dtype: "float32", shape: [2, 7, 4], data: Float32Array.from({ length: 56 }, (_, index) => index / 7) },
    pooled: { dtype: "float16", shape: [3], data: Uint16Array.of(0x3c00, 0, 1) },
  },
};

describe("feature file", () => {
  test("law: what is decoded is what was encoded, at any address in memory", () => {
    fc.assert(
      fc.property(blobArbitrary, fc.nat(9), (value, shift) => {
        const file = encodeFeatureFile(value);
        const moved = new Uint8Array(file.byteLength + shift);
        moved.set(file, shift);
        expect(decodeFeatureFile(moved.subarray(shift))).toEqual(value);
      }),
    );
  });

  test("law: a file that was cut anywhere is no file", () => {
    const file = encodeFeatureFile(blob);
    fc.assert(
      fc.property(fc.nat(file.byteLength - 1), (length) => {
        const whole = decodeFeatureFile(file.subarray(0, length));
        // Only the padding after the last array may be missing.
        expect(whole ?? blob).toEqual(blob);
        expect(whole === null || length >= file.byteLength - 64).toBe(true);
      }),
    );
  });

  test("law: a changed byte is noticed, or lies in padding and changes nothing", () => {
    const file = encodeFeatureFile(blob);
    fc.assert(
      fc.property(fc.nat(file.byteLength - 1), fc.integer({ min: 1, max: 255 }), (position, flip) => {
        const damaged = file.slice();
        damaged[position] = damaged[position]! ^ flip;
        expect(decodeFeatureFile(damaged) ?? blob).toEqual(blob);
      }),
      { numRuns: 500 },
    );
  });

  test("arrays begin at multiples of 64 bytes", () => {
    const file = encodeFeatureFile(blob);
    const query = decodeFeatureFile(file)!.arrays["query"]!;
    expect(query.data.byteOffset % 64).toBe(0);
    expect(query.data.buffer).toBe(file.buffer);
  });
});

describe("feature cache", () => {
  const recipeId = "0123456789abcdef" as RecipeId;
  const assetId = "ab".repeat(16) as AssetId;
  const writer = createWriter({ libraryPath: "/library", isReadOnly: false });

  test("keeps, finds, replaces and removes", async () => {
    const cache = createFeatureCache({ folder: scratchFolder(), writer });
    expect([await cache.has(recipeId, assetId), await cache.read(recipeId, assetId)]).toEqual([false, null]);
    await cache.write(recipeId, assetId, { meta: {}, arrays: {} });
    await cache.write(recipeId, assetId, blob);
    expect(await cache.has(recipeId, assetId)).toBe(true);
    expect(await cache.read(recipeId, assetId)).toEqual(blob);
    await cache.removeAssets([assetId]);
    expect(await cache.read(recipeId, assetId)).toBeNull();
  });

  test("a torn file is absent, and may be written again", async () => {
    const folder = scratchFolder();
    const cache = createFeatureCache({ folder, writer });
    await cache.write(recipeId, assetId, blob);
    const path = join(folder, recipeId, "ab", readdirSync(join(folder, recipeId, "ab"))[0]!);
    writeFileSync(path, readFileSync(path).subarray(0, 200));
    expect(await cache.read(recipeId, assetId)).toBeNull();
    await cache.write(recipeId, assetId, blob);
    expect(await cache.read(recipeId, assetId)).toEqual(blob);
  });

  test("a full disk says so and keeps what was there", async () => {
    const folder = scratchFolder();
    await createFeatureCache({ folder, writer }).write(recipeId, assetId, blob);
    const full = createFeatureCache({
      folder,
      writer,
      fileWriter: { write: () => Promise.reject(Object.assign(new Error("write"), { code: "ENOSPC" })) },
    });
    await expect(full.write(recipeId, assetId, { meta: {}, arrays: {} })).rejects.toMatchObject({ code: "disk/full" });
    expect(await full.read(recipeId, assetId)).toEqual(blob);
  });

  test("stays within its budget by dropping what was not used for longest, also what an earlier run wrote", async () => {
    const folder = scratchFolder();
    const sizeBytes = encodeFeatureFile(blob).byteLength;
    const ids = Array.from({ length: 8 }, (_, index) => String(index).repeat(32) as AssetId);
    const kept = async (cache: FeatureCache) => (await Promise.all(ids.map((id) => cache.has(recipeId, id)))).map(Number).join("");
    const earlier = createFeatureCache({ folder, writer });
    for (const id of ids.slice(0, 4)) await earlier.write(recipeId, id, blob);
    ids
      .slice(0, 4)
      .forEach((id, index) => utimesSync(join(folder, recipeId, id.slice(0, 2), `${id}.features`), 1_000 + index, 1_000 + index));

    const cache = createFeatureCache({ folder, writer, budgetBytes: sizeBytes * 5 });
    await cache.write(recipeId, ids[4]!, blob);
    expect(await kept(cache)).toBe("11111000");
    await cache.read(recipeId, ids[0]!);
    await cache.write(recipeId, ids[5]!, blob);
    expect(await kept(cache)).toBe("10011100");
    await cache.removeAssets([ids[5]!]);
    await cache.write(recipeId, ids[6]!, blob);
    await cache.write(recipeId, ids[7]!, blob);
    expect(await kept(cache)).toBe("10011011");
  });

  test("a full disk is given room by what was not used for longest", async () => {
    const folder = scratchFolder();
    const ids = Array.from({ length: 3 }, (_, index) => String(index).repeat(32) as AssetId);
    const earlier = createFeatureCache({ folder, writer });
    for (const id of ids.slice(0, 2)) await earlier.write(recipeId, id, blob);
    let refusals = 1;
    const fileWriter: FileWriter = {
      write: (path, bytes, isDurable) =>
        refusals-- > 0
          ? Promise.reject(Object.assign(new Error("write"), { code: "ENOSPC" }))
          : diskFileWriter.write(path, bytes, isDurable),
    };
    const cache = createFeatureCache({ folder, writer, fileWriter });
    await cache.write(recipeId, ids[2]!, blob);
    expect(await cache.read(recipeId, ids[2]!)).toEqual(blob);
    expect((await cache.usage()).get(recipeId)?.files).toBe(1);
  });

  test("what is larger than the budget is not kept", async () => {
    const cache = createFeatureCache({ folder: scratchFolder(), writer, budgetBytes: 100 });
    await cache.write(recipeId, assetId, blob);
    expect(await cache.has(recipeId, assetId)).toBe(false);
  });

  test("when a file was last used is its date, to the hour; a read-only library changes no date", async () => {
    const folder = scratchFolder();
    const cache = createFeatureCache({ folder, writer });
    await cache.write(recipeId, assetId, blob);
    const path = join(folder, recipeId, "ab", `${assetId}.features`);
    const dated = (hoursAgo: number) => {
      const seconds = Math.floor(Date.now() / 1000 - 3600 * hoursAgo);
      utimesSync(path, seconds, seconds);
      return seconds * 1000;
    };
    const old = dated(5);
    await createFeatureCache({ folder, writer: createWriter({ libraryPath: "/library", isReadOnly: true }) }).read(recipeId, assetId);
    expect(statSync(path).mtimeMs).toBe(old);
    await cache.read(recipeId, assetId);
    await vi.waitFor(() => expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(60_000));
    const recent = dated(0.5);
    await cache.read(recipeId, assetId);
    expect(statSync(path).mtimeMs).toBe(recent);
  });

  test("usage by recipe, and clearing one or all", async () => {
    const cache = createFeatureCache({ folder: scratchFolder(), writer });
    const other = "f".repeat(16) as RecipeId;
    const bytes = encodeFeatureFile(blob).byteLength;
    for (const id of [recipeId, other]) await cache.write(id, assetId, blob);
    expect(await cache.usage()).toEqual(new Map([recipeId, other].map((id) => [id, { files: 1, bytes }])));
    expect(await cache.clear(other)).toEqual({ files: 1, bytes });
    expect([await cache.has(recipeId, assetId), await cache.has(other, assetId)]).toEqual([true, false]);
    expect(await cache.clear(null)).toEqual({ files: 1, bytes });
    expect((await cache.usage()).size).toBe(0);
  });

  test("is not written in a read-only library", async () => {
    const cache = createFeatureCache({ folder: scratchFolder(), writer: createWriter({ libraryPath: "/library", isReadOnly: true }) });
    await expect(cache.write(recipeId, assetId, blob)).rejects.toMatchObject({ code: "library/read-only" });
  });
});
