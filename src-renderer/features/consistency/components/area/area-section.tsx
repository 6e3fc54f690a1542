/** @file Which part of pictures a check looks at; for the selected candidate both scores with its nearest reference, and the masks behind them. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { checkAreaSchema, type CheckPicture } from "#shared/domain/check";
import type { MetricCard } from "#shared/domain/model-card";
import { ForegroundReading, type ForegroundPicture } from "../../../../ui/foreground-reading";
import { Section } from "../../../../ui/section";
import { SegmentedControl } from "../../../../ui/segmented-control";
import { changeSetup, checkAgain } from "../../check-state";
import type { CheckView } from "../../use-check";
import { useMeasureName } from "../../use-measure-name";

/** The area of the check. It cannot be the foreground where every metric in use sees a picture as one thing. */
export function AreaSection({ check }: { readonly check: CheckView }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useMeasureName(check.cards);
  const { area } = check.setup;
  const used = check.measures.flatMap(({ metric }) => check.cards.filter((card) => card.metric === metric));
  const able = used.find(({ hasForeground }) => hasForeground === true) ?? null;
  const wholeOnly = used.filter((card) => card !== able && card.hasForeground !== true).map(({ metric }) => nameOf(metric));
  const isForeground = area === "foreground";
  return (
    <Section title={t("check.area.title")}>
      <div className="grid gap-2">
        <SegmentedControl
          label={t("check.area.title")}
          isFilling
          value={area}
          onChange={(next) => changeSetup({ area: next })}
          options={checkAreaSchema.options.map((value) => ({
            value,
            label: t(`check.area.${value}`),
            isDisabled: value === "foreground" && able === null && !isForeground,
          }))}
        />
        {wholeOnly.length > 0 && (isForeground || able === null) && (
          <p className="m-0 text-2xs text-fg-3">
            {t(able === null ? "check.area.noForeground" : "check.area.wholeOnly", { metrics: wholeOnly.join(t("check.and")) })}
          </p>
        )}
        {isForeground && able !== null && <Reading check={check} card={able} />}
      </div>
    </Section>
  );
}

function Reading({ check, card }: { readonly check: CheckView; readonly card: MetricCard }): ReactNode {
  const { t } = useTranslation();
  const pair = selectedPair(check);
  if (pair === null) return <p className="m-0 text-2xs text-fg-3">{t("check.area.select")}</p>;
  // The check goes by masks, so a changed one asks for it anew.
  return (
    <ForegroundReading a={pictureOf(pair.candidate)} b={pictureOf(pair.nearest)} metric={card.metric} hasThumbnails onChange={checkAgain} />
  );
}

const pictureOf = ({ asset }: CheckPicture): ForegroundPicture => ({ id: asset.id, name: asset.name });

/** The selected candidate and the reference it is most alike to. */
function selectedPair({ result, split, selected }: CheckView): { readonly candidate: CheckPicture; readonly nearest: CheckPicture } | null {
  const row = split?.rows.find(({ candidate }) => result?.candidates[candidate]?.asset.id === selected);
  if (row === undefined || row.nearest === null) return null;
  const candidate = result?.candidates[row.candidate];
  const nearest = result?.references[row.nearest];
  return candidate === undefined || nearest === undefined ? null : { candidate, nearest };
}
