/** @file Scores by a value of the generation data: a LoRA's weight, its epoch, steps, sampler and the like; pressing a value shows its candidates alone. */
import type { TFunction } from "i18next";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { CheckResult } from "#shared/domain/check";
import { type Drift, driftOf } from "#shared/domain/drift";
import { fieldKey, type FieldValue, fieldValue } from "#shared/domain/generation-field";
import type { Question } from "#shared/domain/model-card";
import { GroupPlot } from "../../../../charts/group-plot";
import { formatCount, formatScore } from "../../../../lib/format";
import { Section } from "../../../../ui/section";
import { Select } from "../../../../ui/select";
import { fieldName, useGenerationFields } from "../../generation-groups";
import { groupBy, showValue, useSideState } from "../../side-state";

export interface ByGenerationProps {
  readonly result: CheckResult;
  /** Combined scores by the place of the candidate. */
  readonly scores: ReadonlyMap<number, number | null>;
  readonly question: Question;
  readonly cutoff: number | null;
}

/** Says so where the files carry nothing to group by. */
export function ByGeneration({ result, scores, question, cutoff }: ByGenerationProps): ReactNode {
  const { t } = useTranslation();
  const { fields, field } = useGenerationFields(result);
  const chosen = useSideState((state) => state.value);
  const drift = useMemo(() => {
    if (field === null) return null;
    const points = result.candidates.map(({ generation }, index) => ({
      value: fieldValue(generation, field),
      score: scores.get(index) ?? null,
    }));
    return driftOf(points, cutoff);
  }, [result, scores, field, cutoff]);
  if (field === null || drift === null) {
    return (
      <Section title={t("check.side.byGeneration")}>
        <p className="m-0 text-2xs text-fg-3">{t("check.side.noGeneration")}</p>
      </Section>
    );
  }
  const name = fieldName(t, field, fields);
  const labelOf = valueLabels(drift);
  return (
    <Section
      title={t("check.side.byGeneration")}
      aside={
        <Select
          label={t("check.side.group")}
          isLabelShown
          className="max-w-44"
          value={fieldKey(field)}
          onChange={groupBy}
          options={fields.map((each) => ({ value: fieldKey(each), label: fieldName(t, each, fields) }))}
        />
      }
    >
      <GroupPlot
        groups={drift.groups.map(({ value, mean, interval, scores: own }) => ({
          key: value.text,
          label: labelOf(value),
          mean,
          interval,
          scores: own,
          description: groupText(t, { value: labelOf(value), mean, interval, count: own.length }),
        }))}
        isOrdered={drift.groups.every(({ value }) => value.number !== null)}
        cutoff={cutoff}
        chosen={chosen}
        onChoose={showValue}
        label={t("check.side.plotLabel", { field: name })}
      />
      <p className="m-0 mt-1 text-2xs text-fg-3">
        {name}. {findingText(t, drift, question)}{" "}
        {drift.without > 0 && t("check.side.without", { count: drift.without, formatted: formatCount(drift.without) })}
      </p>
    </Section>
  );
}

interface GroupFacts {
  readonly value: string;
  readonly mean: number;
  readonly interval: readonly [low: number, high: number] | null;
  readonly count: number;
}

function groupText(t: TFunction, { value, mean, interval, count }: GroupFacts): string {
  const facts = { value, mean: formatScore(mean), count };
  if (interval === null) return t("check.side.groupOfOne", facts);
  return t("check.side.groupOf", { ...facts, low: formatScore(interval[0]), high: formatScore(interval[1]) });
}

/** Values as they are written beside one another: 0.9 and 1.0, but 8 and 12. */
function valueLabels({ groups }: Drift): (value: FieldValue) => string {
  const decimals = Math.max(0, ...groups.map(({ value }) => (value.number === null ? 0 : (value.text.split(".")[1]?.length ?? 0))));
  return ({ text, number }) => (number === null ? text : number.toFixed(decimals));
}

function findingText(t: TFunction, drift: Drift, question: Question): string {
  const { finding, groups } = drift;
  const labelOf = valueLabels(drift);
  const textAt = (place: number): string => (groups[place] === undefined ? "" : labelOf(groups[place].value));
  switch (finding.kind) {
    case "breaks":
      return t(`check.side.breaks.${question}`, { last: textAt(finding.last), from: textAt(finding.from) });
    case "differs":
      return t("check.side.finding.differs", { best: textAt(0), worst: textAt(groups.length - 1) });
    default:
      return t(`check.side.finding.${finding.kind}`);
  }
}
