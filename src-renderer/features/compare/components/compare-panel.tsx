/** @file The right panel of Compare: where the features come from, how they are shown, and what is read. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import { ScaleLegend } from "../../../charts/scale-legend";
import { ForegroundReading } from "../../../ui/foreground-reading";
import { Kbd } from "../../../ui/kbd";
import { Facts, Section } from "../../../ui/section";
import { SegmentedControl } from "../../../ui/segmented-control";
import { Select } from "../../../ui/select";
import { Slider } from "../../../ui/slider";
import { Switch } from "../../../ui/switch";
import { rangeModes, surrounds, useCompare } from "../compare-state";
import type { PaneSide } from "../tile";
import { similarityMeasures } from "../token-vectors";
import type { CompareModel } from "../use-compare-view";
import { useMetricTitle } from "../../../lib/metric-title";
import { Reading } from "./reading";

export interface ComparePanelProps {
  readonly a: AssetId;
  readonly b: AssetId;
  readonly model: CompareModel;
  readonly onMetric: (metric: MetricName) => void;
}

/** All controls and the reading; it stays beside the pictures at every width. */
export function ComparePanel({ a, b, model, onMetric }: ComparePanelProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <FeaturesFrom model={model} onMetric={onMetric} />
      <DisplaySection model={model} />
      <LegendSection model={model} />
      <ForegroundSection a={a} b={b} model={model} />
      <Reading model={model} />
      <RecipeSection model={model} />
      <p className="m-0 px-3 py-2 text-2xs leading-relaxed text-fg-3">
        {t("compare.hintPoint")} <Kbd shortcut="Tab" /> {t("compare.hintTab")} <Kbd shortcut="Esc" /> {t("compare.hintEscape")}
      </p>
    </div>
  );
}

const settingsGrid = "grid grid-cols-[76px_minmax(0,1fr)] items-center gap-x-2 gap-y-1.5 [&>span]:text-fg-3";

function FeaturesFrom({ model: { cards, card, pair, view }, onMetric }: Pick<ComparePanelProps, "model" | "onMetric">): ReactNode {
  const { t } = useTranslation();
  const titleOf = useMetricTitle();
  const measure = useCompare((state) => state.measure);
  const grid = pair?.a?.grid ?? null;
  return (
    <Section title={t("compare.featuresFrom")}>
      <div className={settingsGrid}>
        <span>{t("compare.metric")}</span>
        {card !== null && cards !== null && (
          <Select
            label={t("compare.metric")}
            size="md"
            value={card.metric}
            onChange={onMetric}
            options={cards.map((each) => ({
              value: each.metric,
              label: titleOf(each),
              ...(each.model === null ? {} : { description: each.model }),
            }))}
          />
        )}
        <span>{t("compare.grid")}</span>
        <span className="!text-fg-1">{grid === null ? "–" : t("compare.gridOf", grid)}</span>
        {view === "similarity" && (
          <>
            <span>{t("compare.measure")}</span>
            <Select
              label={t("compare.measure")}
              size="md"
              value={measure}
              onChange={(next) => useCompare.setState({ measure: next })}
              options={similarityMeasures.map((value) => ({
                value,
                label: t(`compare.measures.${value}`),
                description: t(`compare.measureHint.${value}`),
              }))}
            />
          </>
        )}
      </div>
    </Section>
  );
}

function DisplaySection({ model: { view } }: { readonly model: CompareModel }): ReactNode {
  const { t } = useTranslation();
  const opacity = useCompare((state) => state.opacity);
  const rangeMode = useCompare((state) => state.rangeMode);
  const surround = useCompare((state) => state.surround);
  const percent = Math.round(opacity * 100);
  return (
    <Section title={t("compare.display")}>
      <div className={settingsGrid}>
        {view !== "matches" && (
          <>
            <span>{t("compare.opacity")}</span>
            <div className="flex items-center gap-1">
              <Slider
                label={t("compare.opacity")}
                value={percent}
                min={0}
                max={100}
                onChange={(next) => useCompare.setState({ opacity: next / 100 })}
                valueText={`${percent} %`}
              />
              <span className="w-9 text-right">{percent} %</span>
            </div>
            <span>{t("compare.range")}</span>
            <Select
              label={t("compare.range")}
              size="md"
              value={rangeMode}
              onChange={(next) => useCompare.setState({ rangeMode: next })}
              options={rangeModes.map((value) => ({ value, label: t(`compare.ranges.${view}.${value}`) }))}
            />
          </>
        )}
        <span>{t("compare.surround")}</span>
        <SegmentedControl
          label={t("compare.surround")}
          value={surround}
          onChange={(next) => useCompare.setState({ surround: next })}
          options={surrounds.map((value) => ({ value, label: t(`compare.surrounds.${value}`) }))}
        />
      </div>
    </Section>
  );
}

function LegendSection({ model: { view, maps } }: { readonly model: CompareModel }): ReactNode {
  const { t } = useTranslation();
  const measure = useCompare((state) => state.measure);
  if (view === "matches") {
    return (
      <Section title={t("compare.legend.matches")}>
        <p className="m-0 text-2xs text-fg-2">{t("compare.legendNote.matches")}</p>
      </Section>
    );
  }
  if (maps === null) return null;
  return (
    <Section title={t(`compare.legend.${view}`)}>
      <ScaleLegend ramp={maps.ramp} range={maps.range} format={(value) => value.toFixed(2)}>
        {t(view === "agreement" ? "compare.legendNote.agreement" : `compare.legendNote.${measure}`)}
      </ScaleLegend>
    </Section>
  );
}

/** The switch lies in the header; the score of the foregrounds stands beside that of the whole pictures. */
function ForegroundSection({ a, b, model: { card, pictures } }: Pick<ComparePanelProps, "a" | "b" | "model">): ReactNode {
  const { t } = useTranslation();
  const titleOf = useMetricTitle();
  const isShown = useCompare((state) => state.isForegroundShown);
  const nameOf = (side: PaneSide): string => pictures[side]?.name ?? t("compare.outsidePicture");
  if (card === null) return null;
  return (
    <Section
      title={t("mask.foreground")}
      aside={<Switch label={t("mask.show")} isOn={isShown} onChange={(isOn) => useCompare.setState({ isForegroundShown: isOn })} />}
    >
      {isShown && card.hasForeground !== true && (
        <p className="m-0 text-2xs text-fg-2">{t("mask.notAvailable", { metric: titleOf(card) })}</p>
      )}
      {isShown && card.hasForeground === true && (
        <ForegroundReading a={{ id: a, name: nameOf("a") }} b={{ id: b, name: nameOf("b") }} metric={card.metric} />
      )}
    </Section>
  );
}

function RecipeSection({ model: { pair } }: { readonly model: CompareModel }): ReactNode {
  const { t } = useTranslation();
  if (pair === null) return null;
  const { recipe, modelName, device, milliseconds } = pair;
  return (
    <Section title={t("compare.recipe")} isCollapsible>
      <Facts
        facts={[
          [t("compare.recipeModel"), modelName],
          [t("compare.recipeTap"), recipe.tap],
          [
            t("compare.recipeHash"),
            <code key="hash" className="font-mono text-2xs">
              {recipe.modelSha256.slice(0, 10)}
            </code>,
          ],
          [t("compare.recipeDevice"), `${device}, ${recipe.precision}`],
          [t("compare.recipeTime"), t("compare.milliseconds", { number: Math.round(milliseconds) })],
        ]}
      />
    </Section>
  );
}
