/** @file What all parts of a report are made from. */
import { dirname, relative, sep } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import { defined } from "#shared/lib/assert";
import type { checkDocument } from "./check-document";
import type { FinishedCheck } from "./finished-check";

export type CheckDocument = ReturnType<typeof checkDocument>;

/** `pictures` are small pictures as data URLs; one that is not there has none. */
export interface ReportSource {
  readonly check: FinishedCheck;
  readonly document: CheckDocument;
  readonly title: string;
  readonly madeAt: Date;
  readonly pictures: ReadonlyMap<AssetId, string>;
}

/** Paths without the folder that they all share: a report is read by others, and where a person keeps files is not theirs to know. */
export function withoutSharedFolder(paths: readonly string[]): (path: string) => string {
  const [first, ...others] = paths.map(dirname);
  let shared = first ?? "";
  for (const folder of others)
    while (!`${folder}${sep}`.startsWith(shared.endsWith(sep) ? shared : `${shared}${sep}`)) shared = dirname(shared);
  return (path) => relative(shared, path);
}

/** `starter-subject`, or `starter-subject, foreground`. */
export function measureName({ result }: FinishedCheck, index: number): string {
  const { metric, area } = defined(result.measures[index], "a measure").measure;
  return area === "whole" ? metric : `${metric}, foreground`;
}
