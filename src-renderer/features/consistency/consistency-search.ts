/**
 * @file A check as it stands in the address: `/consistency?refs=<assetId>,...&in=<folder>&by=instance&combine=&cut=<reject>,<accept>;...&at=`.
 */
import { z } from "zod";
import { assetIdSchema } from "#shared/domain/asset";
import { type CheckCandidates, checkAreaSchema, checkCombineSchema } from "#shared/domain/check";
import type { Cutoffs } from "#shared/domain/check-calibration";
import { metricNameSchema } from "#shared/domain/feature-recipe";
import { type CheckSetup, checkModes, checkOrders, emptySetup, mostReferences } from "./check-setup";
import { readIds, writeIds } from "./id-lists";

const text = z.coerce.string().min(1).optional().catch(undefined);

/** Search parameters of the route. What cannot be read is dropped, so that an old or broken link still opens the page. */
export const consistencySearchSchema = z.object({
  refs: text,
  board: text,
  in: text,
  where: text,
  ids: text,
  by: z.enum(checkModes).optional().catch(undefined),
  style: metricNameSchema.optional().catch(undefined),
  instance: metricNameSchema.optional().catch(undefined),
  area: checkAreaSchema.optional().catch(undefined),
  combine: checkCombineSchema.optional().catch(undefined),
  cut: text,
  order: z.enum(checkOrders).optional().catch(undefined),
  at: assetIdSchema.optional().catch(undefined),
});
export type ConsistencySearch = z.infer<typeof consistencySearchSchema>;

/** The check that an address stands for, without the selected picture. */
export function fromConsistencySearch(search: ConsistencySearch): CheckSetup {
  return {
    references: readIds(search.refs ?? "").slice(0, mostReferences),
    boardId: search.board ?? null,
    candidates: candidatesOf(search),
    mode: search.by ?? emptySetup.mode,
    metrics: { style: search.style ?? null, instance: search.instance ?? null },
    area: search.area ?? emptySetup.area,
    combine: search.combine ?? emptySetup.combine,
    cutoffs: search.cut === undefined ? [] : search.cut.split(";").map(parseCutoffs),
    order: search.order ?? emptySetup.order,
  };
}

function candidatesOf({ in: folder, where, ids }: ConsistencySearch): CheckCandidates | null {
  if (folder !== undefined) return { kind: "folder", path: folder, where: where ?? null };
  const assetIds = [...readIds(ids ?? "")];
  return assetIds.length === 0 ? null : { kind: "assets", assetIds };
}

function parseCutoffs(part: string): Cutoffs | null {
  const [reject, accept] = part.split(",").map((value) => (value.trim() === "" ? Number.NaN : Number(value)));
  return Number.isFinite(reject) && Number.isFinite(accept) && Number(reject) <= Number(accept)
    ? { reject: Number(reject), accept: Number(accept) }
    : null;
}

/** The address of a check; what is as usual is left out. */
export function toConsistencySearch(setup: CheckSetup): ConsistencySearch {
  const { references, boardId, candidates, mode, metrics, area, combine, cutoffs, order } = setup;
  const isFolder = candidates?.kind === "folder";
  return {
    refs: references.length === 0 ? undefined : writeIds(references),
    board: boardId ?? undefined,
    in: isFolder ? candidates.path : undefined,
    where: isFolder ? (candidates.where ?? undefined) : undefined,
    ids: candidates?.kind === "assets" ? writeIds(candidates.assetIds) : undefined,
    by: unlessUsual(mode, emptySetup.mode),
    style: metrics.style ?? undefined,
    instance: metrics.instance ?? undefined,
    area: unlessUsual(area, emptySetup.area),
    combine: unlessUsual(combine, emptySetup.combine),
    cut: cutoffs.every((each) => each === null) ? undefined : cutoffs.map(formatCutoffs).join(";"),
    order: unlessUsual(order, emptySetup.order),
  };
}

function unlessUsual<Value>(value: Value, usual: Value): Value | undefined {
  return value === usual ? undefined : value;
}

/** Four decimals: finer than a hand can set them. */
function formatCutoffs(cutoffs: Cutoffs | null): string {
  return cutoffs === null ? "-" : `${Number(cutoffs.reject.toFixed(4))},${Number(cutoffs.accept.toFixed(4))}`;
}
