/** @file What the writer that is killed writes, so that the test can tell right rows from wrong ones. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import { brandId } from "#shared/lib/branded-id";
import type { FeatureBlob } from "#main/data/store/feature-file";

export const pictureCount = 300;

export const recipe: FeatureRecipe & { readonly name: string; readonly modelName: string } = {
  metric: "starter-style",
  family: "starter",
  modelSha256: "none",
  mode: "corrected",
  precision: "float32",
  tap: "pooled",
  imageSize: 224,
  parameters: {},
  version: 1,
  name: "Starter style",
  modelName: "starter",
};

/** Every tenth picture is a copy of the one before it. */
export function pictureId(index: number): AssetId {
  const content = index % 10 === 9 ? index - 1 : index;
  return brandId<AssetId>(createHash("sha256").update(String(content)).digest("hex").slice(0, 32));
}

export function picturePath(root: string, index: number): string {
  return join(root, `it's picture ${index}.png`);
}

/** Eight numbers that follow from the id. */
export function vectorOf(id: AssetId): Float32Array {
  return Float32Array.from(createHash("sha256").update(id).digest().subarray(0, 8), (byte) => byte + 1);
}

export function featuresOf(id: AssetId): FeatureBlob {
  const data = Float32Array.from({ length: 4096 }, (_, index) => index * (vectorOf(id)[0] ?? 0));
  return { meta: { id }, arrays: { query: { dtype: "float32", shape: [64, 64], data } } };
}
