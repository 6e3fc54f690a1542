/** @file The slider of looking past a property: in Style "Ignore what is shown", otherwise "Ignore how it is drawn". Off at 0. */
import { RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { usualAgainstWeights } from "#shared/domain/adjusted-score";
import type { MetricCard } from "#shared/domain/model-card";
import { cn } from "../../../lib/class-names";
import { IconButton } from "../../../ui/icon-button";
import { Button } from "../../../ui/button";
import { Section } from "../../../ui/section";
import { Slider } from "../../../ui/slider";
import { Tooltip } from "../../../ui/tooltip";
import { editQuery, useFind } from "../find-state";
import { isUsable } from "../look-past";
import { useMetricTitle } from "./mode-picker";

export interface LookPastProps {
  readonly current: MetricCard;
  /** The metric that is taken off. */
  readonly other: MetricCard | null;
}

const setWeight = (weight: number): void => editQuery({ type: "against", weight });
const settle = (): void => editQuery({ type: "settle" });
/** One step of undo of its own. */
const chooseWeight = (weight: number): void => {
  settle();
  setWeight(weight);
  settle();
};
const step = 0.05;

/** A section of the question: how far to look past the other property. Moving the slider only orders the answer anew. */
export function LookPast({ current, other }: LookPastProps): ReactNode {
  const { t } = useTranslation();
  const weight = useFind((state) => state.history.present.against);
  const usual = usualAgainstWeights[current.question];
  const isOn = weight > 0;
  const canLookPast = isUsable(other);
  const title = t(`find.lookPast.${current.question}`);
  const valueText = isOn ? weight.toFixed(2) : t("find.lookPastOff");
  const aside = canLookPast && (
    <span className="flex items-center gap-1">
      <span className={cn(isOn && "text-fg-1")}>{valueText}</span>
      <IconButton icon={RotateCcw} label={t("find.lookPastReset")} disabled={!isOn} onClick={() => chooseWeight(0)} />
    </span>
  );
  return (
    <Section title={title} aside={aside}>
      <Tooltip label={t(`find.lookPastHint.${current.question}`)} shortcut="I" side="right">
        <div className="flex items-center gap-1">
          <Slider
            label={title}
            value={weight}
            min={0}
            max={1}
            step={step}
            isDisabled={!canLookPast}
            onChange={setWeight}
            onCommit={settle}
            valueText={valueText}
          />
          <Button size="sm" variant="ghost" disabled={!canLookPast || weight === usual} onClick={() => chooseWeight(usual)}>
            {t("find.lookPastUsual", { weight: usual.toFixed(2) })}
          </Button>
        </div>
      </Tooltip>
      {other === null ? <p className="m-0 text-2xs text-fg-3">{t("find.lookPastNoMetric")}</p> : <OtherMetric other={other} />}
    </Section>
  );
}

/** Which score is taken off, or why none can be. */
function OtherMetric({ other }: { readonly other: MetricCard }): ReactNode {
  const { t } = useTranslation();
  const metric = `${useMetricTitle(other)}, ${t(`find.question.${other.question}`).toLowerCase()}`;
  const key = other.state === "needs-model" ? "find.lookPastNeeds" : isUsable(other) ? "find.lookPastBy" : "find.lookPastNotMeasured";
  return <p className="m-0 text-2xs text-fg-3">{t(key, { metric, model: other.needs })}</p>;
}
