/**
 * @file How candidates of a recipe are found, as the library keeps it: one file a recipe, replaced as a whole, so that a killed build leaves the earlier one.
 * Its version is the hash of its numbers; the table of candidate vectors made with them is named by it.
 */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { RecipeId } from "#shared/domain/feature-recipe";
import { brandId } from "#shared/lib/branded-id";
import { decodeFeatureFile, encodeFeatureFile, type FeatureArray, type FeatureBlob } from "../../data/store/feature-file";
import type { CandidateCodebook } from "../../ml/retrieval/candidate-vector";
import { float16ToFloat32, float32ToFloat16 } from "../../ml/tensor/half";
import { writeFileAtomic } from "../../platform/atomic-file";
import type { Store } from "../../data/store/store-types";

const factsSchema = z.object({
  /** What candidates are found by: probe attention, weighted one way or the other, or the pooled vector. */
  by: z.enum(["library", "own", "pooled"]),
  /** Pictures that stage 2 scores. */
  candidates: z.number().int().positive(),
  /** Share of the best by the metric's own score that was among the candidates, over the pictures of the check. */
  recall: z.number(),
  /** The same for candidates by the pooled vector. */
  pooledRecall: z.number(),
  /** Keys that a query looks at, in the median. */
  effectiveKeys: z.number(),
  /** Pictures that were checked, and that the library had measured. */
  checked: z.number().int(),
  measured: z.number().int(),
});
/** How candidates of a recipe are found, and how well. */
export type CandidateFacts = Readonly<z.infer<typeof factsSchema>>;

export interface CandidateFile {
  readonly facts: CandidateFacts;
  /** Null where candidates are found by the pooled vector. */
  readonly codebook: CandidateCodebook | null;
  readonly version: string;
}

const shapeSchema = z.object({
  facts: factsSchema,
  probes: z.object({ heads: z.number().int(), headDim: z.number().int(), probes: z.number().int() }).nullable(),
});

/** The folder of these files in a library. */
const candidateFolder = "retrieval";

const pathOf = (store: Store, recipeId: RecipeId): string => join(store.libraryPath, candidateFolder, `${recipeId}.features`);

/** Under which id the candidate vectors of a version are stored. */
export function candidateTableId(recipeId: RecipeId, version: string): RecipeId {
  return brandId<RecipeId>(`${recipeId}_${version}`);
}

/** When the file was written; null when it is not there. */
export async function candidateFileTime(store: Store, recipeId: RecipeId): Promise<number | null> {
  return stat(pathOf(store, recipeId)).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}

/** The file of a recipe; null when it is not there, or damaged: it can always be made again. */
export async function readCandidateFile(store: Store, recipeId: RecipeId): Promise<CandidateFile | null> {
  const bytes = await readFile(pathOf(store, recipeId)).catch(() => null);
  const blob = bytes === null ? null : decodeFeatureFile(bytes);
  const shape = shapeSchema.safeParse(blob?.meta);
  if (blob === null || !shape.success) return null;
  const { facts, probes } = shape.data;
  if (probes === null) return { facts, codebook: null, version: versionOf(blob) };
  const { centres, shares, subspace } = blob.arrays;
  if (facts.by === "pooled" || centres?.dtype !== "float32" || shares?.dtype !== "float32" || subspace?.dtype !== "float16") return null;
  const [rows = 0, channels = 0] = subspace.shape;
  const codebook: CandidateCodebook = {
    probes: { ...probes, centres: centres.data, shares: shares.data },
    weighting: facts.by,
    subspace: { rows, channels, data: float16ToFloat32(subspace.data) },
  };
  return { facts, codebook, version: versionOf(blob) };
}

/** What will be in the file: the codebook at the precision it is kept at, and its version. */
export function packCandidateFile(
  facts: CandidateFacts,
  codebook: CandidateCodebook | null,
): { readonly blob: FeatureBlob; readonly file: CandidateFile } {
  if (codebook === null) {
    const blob: FeatureBlob = { meta: { facts, probes: null }, arrays: {} };
    return { blob, file: { facts, codebook, version: versionOf(blob) } };
  }
  const { probes, subspace } = codebook;
  const { centres, shares, ...shape } = probes;
  const halves = float32ToFloat16(subspace.data);
  const arrays: Record<string, FeatureArray> = {
    centres: { dtype: "float32", shape: [shape.heads, shape.probes, shape.headDim], data: centres },
    shares: { dtype: "float32", shape: [shape.heads, shape.probes], data: shares },
    subspace: { dtype: "float16", shape: [subspace.rows, subspace.channels], data: halves },
  };
  const blob: FeatureBlob = { meta: { facts, probes: shape }, arrays };
  const kept = { ...codebook, subspace: { ...subspace, data: float16ToFloat32(halves) } };
  return { blob, file: { facts, codebook: kept, version: versionOf(blob) } };
}

/** Puts the file in the place of the earlier one. Throws disk/... */
export async function writeCandidateFile(store: Store, recipeId: RecipeId, blob: FeatureBlob): Promise<void> {
  await writeFileAtomic(pathOf(store, recipeId), encodeFeatureFile(blob));
}

function versionOf({ arrays, meta }: FeatureBlob): string {
  const hash = createHash("sha256").update(String(shapeSchema.parse(meta).facts.by));
  for (const name of Object.keys(arrays).sort()) {
    const { buffer, byteOffset, byteLength } = (arrays[name] as FeatureArray).data;
    hash.update(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
  }
  return hash.digest("hex").slice(0, 8);
}
