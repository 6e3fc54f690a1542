/** @file The question in the making: the selected pictures, what should be alike, and the way to Find. */
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import { type Question, questionSchema } from "#shared/domain/model-card";
import { useEngine } from "../../../lib/engine";
import { formatCount } from "../../../lib/format";
import { metricForQuestion } from "../../../lib/metric-choice";
import { toggleSelected, useSelection } from "../../../lib/selection";
import { Artwork } from "../../../ui/artwork";
import { Button } from "../../../ui/button";
import { Icon } from "../../../ui/icon";
import { ProgressRing } from "../../../ui/progress";
import { SegmentedControl } from "../../../ui/segmented-control";
import { useFindOutside, useFindSimilar } from "../use-library";

const slots = 6;
const labelKeys = {
  style: "library.questionStyle",
  instance: "library.questionInstance",
  semantic: "library.questionSemantic",
} as const satisfies Record<Question, string>;

/** 68 px below the grid. */
export function QueryTray(): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const ids = useSelection((state) => state.ids);
  const { data: cards } = useQuery(api.metrics.list.queryOptions());
  const [question, setQuestion] = useState<Question>("style");
  const findSimilar = useFindSimilar();
  return (
    <section aria-label={t("library.tray")} className="flex h-17 shrink-0 items-center gap-2 border-t border-line bg-panel px-3">
      {[...ids].slice(0, slots).map((id) => (
        <TraySlot key={id} id={id} />
      ))}
      {ids.size > slots && (
        <span className="grid h-13 min-w-13 place-items-center bg-well px-1 text-fg-2">
          {t("library.trayMore", { formatted: formatCount(ids.size - slots) })}
        </span>
      )}
      <AddFile />
      <div className="ml-1 min-w-0">
        <div aria-live="polite" className="truncate">
          {t("library.trayCount", { count: ids.size, formatted: formatCount(ids.size) })}
        </div>
        <div className="truncate text-2xs text-fg-3">{t("library.trayHint")}</div>
      </div>
      <div className="ml-auto flex shrink-0 items-center gap-2">
        <SegmentedControl
          label={t("library.question")}
          value={question}
          onChange={setQuestion}
          options={questionSchema.options.map((value) => ({
            value,
            label: t(labelKeys[value]),
            isDisabled: cards !== undefined && metricForQuestion(cards, value) === null,
          }))}
        />
        <Button variant="primary" disabled={ids.size === 0} onClick={() => findSimilar([...ids], question)}>
          {t("library.findSimilar")}
        </Button>
      </div>
    </section>
  );
}

function TraySlot({ id }: { readonly id: AssetId }): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: detail } = useQuery(api.assets.detail.queryOptions({ input: { assetId: id } }));
  return (
    <div className="group relative size-13 shrink-0">
      <Artwork src={thumbnailUrl(id, 256)} alt={detail?.name ?? ""} className="size-13" />
      <button
        type="button"
        aria-label={t("library.trayRemove", { name: detail?.name ?? "" })}
        onClick={() => toggleSelected(id)}
        className="absolute top-0 right-0 grid size-6 place-items-center border-0 bg-black/70 text-white opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
      >
        <Icon icon={X} size={12} />
      </button>
    </div>
  );
}

function AddFile(): ReactNode {
  const { t } = useTranslation();
  const { findOutside, isSending } = useFindOutside();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        aria-label={t("library.addToQuery")}
        title={t("library.addToQuery")}
        onClick={() => input.current?.click()}
        className="grid size-13 shrink-0 place-items-center rounded-sm border border-dashed border-control-line bg-transparent text-fg-3 hover:text-fg-1"
      >
        {isSending ? <ProgressRing label={t("library.loading")} value={null} /> : <Icon icon={Plus} />}
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        onChange={(event) => {
          findOutside(event.target.files ?? []);
          event.target.value = "";
        }}
      />
    </>
  );
}
