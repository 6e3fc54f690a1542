/** @file The left panel: what should be alike, like which pictures, and where to look. */
import { RotateCcw, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MetricCard } from "#shared/domain/model-card";
import { combineSchema } from "#shared/domain/search";
import { IconButton } from "../../../ui/icon-button";
import { Section } from "../../../ui/section";
import { Select } from "../../../ui/select";
import { Switch } from "../../../ui/switch";
import { editQuery, useFind } from "../find-state";
import type { SearchScope } from "../search-scope";
import { AddPicture, useDroppedPictures } from "./add-picture";
import { LookPast } from "./look-past-slider";
import { ModePicker } from "./mode-picker";
import { QueryCard } from "./query-card";
import { SearchIn } from "./search-in";

export interface QueryPanelProps {
  readonly cards: readonly MetricCard[];
  readonly current: MetricCard | null;
  /** The metric that the answer may look past. */
  readonly other: MetricCard | null;
  /** What the Library is limited to now. */
  readonly libraryScope: SearchScope;
}

/** Everything that makes up the question. Pictures may be dropped anywhere on it. */
export function QueryPanel({ cards, current, other, libraryScope }: QueryPanelProps): ReactNode {
  const drop = useDroppedPictures();
  return (
    <div className="min-h-0 flex-1 overflow-auto" {...drop}>
      <ModePicker cards={cards} current={current} onChoose={(metric) => editQuery({ type: "metric", metric })} />
      {current !== null && <LookPast current={current} other={other} />}
      <QueryTray />
      <SearchIn libraryScope={libraryScope} />
      {current?.hasHeatMap && <Rerank />}
    </div>
  );
}

function QueryTray(): ReactNode {
  const { t } = useTranslation();
  const { references, combine } = useFind((state) => state.history.present);
  const canUndo = useFind((state) => state.history.past.length > 0);
  const positives = references.filter(({ weight }) => weight > 0).length;
  const aside = (
    <span className="flex items-center gap-1">
      {positives > 1 && (
        <Select
          label={t("find.combine")}
          isLabelShown
          value={combine}
          onChange={(next) => editQuery({ type: "combine", combine: next })}
          options={combineSchema.options.map((value) => ({
            value,
            label: t(`find.combineBy.${value}`),
            description: t(`find.combineHint.${value}`),
          }))}
        />
      )}
      <IconButton
        icon={RotateCcw}
        label={t("find.undo")}
        shortcut="Ctrl Z"
        disabled={!canUndo}
        onClick={() => editQuery({ type: "undo" })}
      />
      <IconButton icon={Trash2} label={t("find.clear")} disabled={references.length === 0} onClick={() => editQuery({ type: "clear" })} />
    </span>
  );
  return (
    <Section title={t("find.query")} aside={aside}>
      <ul className="m-0 list-none p-0" aria-label={t("find.queryPictures")}>
        {references.map((reference) => (
          <QueryCard key={reference.assetId} reference={reference} />
        ))}
      </ul>
      <AddPicture />
    </Section>
  );
}

function Rerank(): ReactNode {
  const { t } = useTranslation();
  const exact = useFind((state) => state.history.present.exact);
  return (
    <Section title={t("find.rerank")}>
      <div className="flex items-center gap-2">
        <Switch label={t("find.exactAll")} isOn={exact} onChange={(isOn) => editQuery({ type: "exact", exact: isOn })} />
        <div>
          <div>{t("find.exactAll")}</div>
          <div className="text-2xs text-fg-3">{t(exact ? "find.exactAllOn" : "find.exactAllOff")}</div>
        </div>
      </div>
    </Section>
  );
}
