/** @file The library as a table: one row per picture that passes a filter, with what was said about it and how it was generated and taken. */
import type { AssetId } from "#shared/domain/asset";
import { formatCsv } from "../../data/datasets/csv";
import type { Store } from "../../data/store/store-types";

export type PictureRow = ReturnType<typeof pictureRow>;

/** Rows by the newest file first; what is not known is null. Throws usage/invalid. */
export async function pictureTable(store: Store, where: string | null): Promise<readonly PictureRow[]> {
  const ids = await store.assets.matching({ folder: null, text: null, where });
  return ids.map((id) => pictureRow(store, id));
}

function pictureRow(store: Store, id: AssetId) {
  const detail = store.assets.get(id);
  const { tags, rating, flag } = store.annotations.get(id);
  const { generation = null, capture = null } = store.metadata.get(id) ?? {};
  const [file] = detail?.files ?? [];
  return {
    path: file?.path ?? null,
    assetId: id,
    width: detail?.width ?? null,
    height: detail?.height ?? null,
    format: detail?.format ?? null,
    sizeBytes: file?.sizeBytes ?? null,
    modified: timeText(file?.modifiedMs),
    taken: timeText(capture?.takenMs),
    camera: capture?.camera ?? null,
    rating,
    flag,
    tags,
    generator: generation?.generator ?? null,
    model: generation?.model ?? null,
    loras: generation?.loras.map(({ name, weight }) => (weight === null ? name : `${name}:${weight}`)) ?? [],
    sampler: generation?.sampler ?? null,
    steps: generation?.steps ?? null,
    cfg: generation?.cfgScale ?? null,
    seed: generation?.seed ?? null,
    prompt: generation?.prompt ?? null,
    negative: generation?.negativePrompt ?? null,
  };
}

/** A time as ISO 8601. */
function timeText(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString();
}

/** The table as CSV under its headings; lists have commas between their parts. */
export function pictureCsv(rows: readonly PictureRow[]): string {
  const [first] = rows;
  if (first === undefined) return "";
  return formatCsv([Object.keys(first), ...rows.map((row) => Object.values(row).map(cellText))]);
}

function cellText(value: PictureRow[keyof PictureRow]): string | number {
  return Array.isArray(value) ? value.join(", ") : (value ?? "");
}
