/** @file By what candidates are compared: the question, its metric, how scores against several references become one, and which part counts. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { checkCombineSchema } from "#shared/domain/check";
import { metricNameSchema } from "#shared/domain/feature-recipe";
import type { MetricCard } from "#shared/domain/model-card";
import { Section } from "../../../ui/section";
import { SegmentedControl } from "../../../ui/segmented-control";
import { Select, type SelectOption } from "../../../ui/select";
import { changeSetup } from "../check-state";
import { type CheckQuestion, checkModes } from "../check-setup";
import type { CheckView } from "../use-check";
import { useMeasureName } from "../use-measure-name";

/** A value no metric has. */
const recommendedValue = "*";

/** The section with the question. Another answer to it is measured where that is missing. */
export function CompareBySection({ check }: { readonly check: CheckView }): ReactNode {
  const { t } = useTranslation();
  const { mode, combine } = check.setup;
  const questions: readonly CheckQuestion[] = mode === "both" ? ["style", "instance"] : [mode];
  const hasMiddle = check.result?.measures.every(({ centroid }) => centroid !== null) ?? true;
  return (
    <Section title={t("check.compareBy")}>
      <div className="grid gap-2">
        <SegmentedControl
          label={t("check.mode")}
          isFilling
          value={mode}
          onChange={(next) => changeSetup({ mode: next })}
          options={checkModes.map((value) => ({ value, label: t(`check.modes.${value}`) }))}
        />
        {questions.map((question) => (
          <MetricSelect key={question} check={check} question={question} />
        ))}
        <Row label={t("check.combine")}>
          <Select
            label={t("check.combine")}
            size="md"
            value={combine}
            onChange={(next) => changeSetup({ combine: next })}
            options={checkCombineSchema.options.map((value) => ({
              value,
              label: t(`check.combines.${value}`),
              description: t(`check.combineHint.${value}`),
              isDisabled: value === "centroid" && !hasMiddle,
            }))}
            className="w-full shrink"
          />
        </Row>
        <p className="m-0 text-2xs text-fg-3">{t(`check.combineHint.${combine}`)}</p>
      </div>
    </Section>
  );
}

function Row({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="grid grid-cols-[68px_minmax(0,1fr)] items-center gap-2">
      <span className="text-fg-3">{label}</span>
      {children}
    </div>
  );
}

function MetricSelect({ check, question }: { readonly check: CheckView; readonly question: CheckQuestion }): ReactNode {
  const { t } = useTranslation();
  const { setup, cards, recommended } = check;
  const nameOf = useMeasureName(cards);
  const names = cards.length === 0 ? "…" : recommended[question].map(nameOf).join(t("check.and"));
  const offered = cards.filter((card) => card.question === question || (question === "instance" && card.question === "semantic"));
  const options: readonly SelectOption<string>[] = [
    {
      value: recommendedValue,
      label: names === "" ? t("check.noMetric") : names,
      description: t("check.recommended"),
    },
    ...offered.map((card) => optionOf(card, nameOf(card.metric), t)),
  ];
  const label = setup.mode === "both" ? t(`check.modes.${question}`) : t("check.metric");
  return (
    <Row label={label}>
      <Select
        label={t("check.metricFor", { question: t(`check.modes.${question}`) })}
        size="md"
        value={setup.metrics[question] ?? recommendedValue}
        onChange={(next) => changeSetup({ metrics: { ...setup.metrics, [question]: metricNameSchema.safeParse(next).data ?? null } })}
        options={options}
        className="w-full shrink"
      />
    </Row>
  );
}

function optionOf(card: MetricCard, label: string, t: ReturnType<typeof useTranslation>["t"]): SelectOption<string> {
  const needs = { value: card.metric, label, description: t("find.needs", { model: card.needs }), isDisabled: true };
  if (card.state === "needs-model") return needs;
  return { value: card.metric, label, description: card.state === "ready" ? card.hint : t("check.measuredOnDemand") };
}
