/** @file Which scores a column holds, in words. */
import type { TFunction } from "i18next";
import type { CheckVerdict } from "#shared/domain/check";
import type { Cutoffs } from "#shared/domain/check-calibration";

/** E.g. "0.750 and up"; nothing where there is no cut-off. */
export function scopeOf(t: TFunction, verdict: CheckVerdict, cutoffs: Cutoffs | null): string {
  if (cutoffs === null) return "";
  return t(`check.scope.${verdict}`, { accept: cutoffs.accept.toFixed(2), reject: cutoffs.reject.toFixed(2) });
}
