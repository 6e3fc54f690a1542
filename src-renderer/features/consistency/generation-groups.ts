/** @file Candidates grouped by their generation data: which fields there are, the field in use, and who belongs to the value that is shown alone. */
import type { TFunction } from "i18next";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { CheckResult } from "#shared/domain/check";
import type { CheckRow } from "#shared/domain/check-split";
import { fieldKey, fieldValue, type GenerationField, generationFields } from "#shared/domain/generation-field";
import { useSideState } from "./side-state";

/** "LoRA weight", and of which LoRA where several can be chosen. */
export function fieldName(t: TFunction, field: GenerationField, all: readonly GenerationField[]): string {
  const name = t(`check.side.field.${field.kind}`);
  const isOneOfMany = all.filter(({ kind }) => kind === field.kind).length > 1;
  return isOneOfMany && field.of !== null ? `${name}, ${field.of}` : name;
}

/** The fields by which these candidates can be told apart, and the one in use; null where there is none. */
export function useGenerationFields(result: CheckResult | null): {
  readonly fields: readonly GenerationField[];
  readonly field: GenerationField | null;
} {
  const chosen = useSideState((state) => state.field);
  const fields = useMemo(() => generationFields(result?.candidates.map(({ generation }) => generation) ?? []), [result]);
  return { fields, field: fields.find((each) => fieldKey(each) === chosen) ?? fields[0] ?? null };
}

/** A value where there is room for a few letters, e.g. "w 0.7". */
function shortValue(t: TFunction, { kind }: GenerationField, value: string): string {
  return kind === "sampler" || kind === "model" || kind === "seed" ? value : t(`check.side.short.${kind}`, { value });
}

/** What is said of a candidate beside its score: its value of the field in use. */
export function useGroupNote(result: CheckResult | null): (row: Pick<CheckRow, "candidate">) => string {
  const { t } = useTranslation();
  const { field } = useGenerationFields(result);
  return useCallback(
    ({ candidate }) => {
      const value = field === null ? null : fieldValue(result?.candidates[candidate]?.generation ?? null, field);
      return field === null || value === null ? "" : shortValue(t, field, value.text);
    },
    [t, result, field],
  );
}

export interface CandidateFilter {
  /** What the shown candidates have in common, in words. */
  readonly label: string;
  readonly passes: (candidate: number) => boolean;
}

/** The group that alone is shown; null where all are. */
export function useCandidateFilter(result: CheckResult | null): CandidateFilter | null {
  const { t } = useTranslation();
  const { fields, field } = useGenerationFields(result);
  const value = useSideState((state) => state.value);
  return useMemo(() => {
    if (result === null || field === null || value === null) return null;
    const valueOf = (candidate: number): string | undefined => fieldValue(result.candidates[candidate]?.generation ?? null, field)?.text;
    if (!result.candidates.some((_, candidate) => valueOf(candidate) === value)) return null;
    return { label: `${fieldName(t, field, fields)} ${value}`, passes: (candidate) => valueOf(candidate) === value };
  }, [t, result, fields, field, value]);
}
