/** @file Which models are on this computer, what each makes possible, and which are not there. */
import { useQuery } from "@tanstack/react-query";
import { Check, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MetricCard, ModelCard } from "#shared/domain/model-card";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { Button } from "../../../ui/button";
import { ErrorCard } from "../../../ui/error-card";
import { Icon } from "../../../ui/icon";
import { useChooseFolders } from "../use-library";

/** The families whose metrics vote; each absent one is told with a way to add it. */
const suggestedFamilies = ["stable-diffusion", "clip", "dinov2"] as const;

/** Looks through the usual places once, when it is first shown. */
export function FoundModels(): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: scan, error, refetch } = useQuery(api.models.scan.queryOptions({ input: { folders: [] } }));
  const { data: models } = useQuery(api.models.list.queryOptions({ enabled: scan !== undefined }));
  const { data: cards } = useQuery(api.metrics.list.queryOptions());
  const chooseFolders = useChooseFolders();
  const families = new Set(models?.map(({ family }) => family));
  const absent = models ? suggestedFamilies.filter((family) => !families.has(family)) : [];
  return (
    <section>
      <div className="mb-1.5 flex items-center gap-2">
        <h2 className="text-sm font-semibold">{t("firstRun.models")}</h2>
        <span className="ml-auto text-2xs text-fg-3" role="status">
          {scan
            ? t("firstRun.places", { count: scan.places, seconds: (scan.milliseconds / 1000).toFixed(1) })
            : !error && t("firstRun.scanning")}
        </span>
      </div>
      {error && <ErrorCard error={appErrorOf(error)} onRetry={() => void refetch()} />}
      {models?.map((model) => (
        <FoundModel key={`${model.name}:${model.path}`} model={model} cards={cards ?? []} />
      ))}
      {absent.map((family) => (
        <Row key={family} icon={TriangleAlert} tone="text-warn" name={t(`firstRun.family.${family}`)} note={t("firstRun.absent")}>
          <Button size="sm" onClick={() => chooseFolders({ kind: "model" })}>
            {t("firstRun.addModel")}
          </Button>
        </Row>
      ))}
      {models && (
        <div className="mt-2.5 flex gap-2 rounded-md bg-raised px-3 py-2 text-2xs text-fg-2">
          <Icon icon={Info} size={14} className="mt-px" />
          {t(absent.length > 0 ? "firstRun.note" : "firstRun.noteComplete")}
        </div>
      )}
    </section>
  );
}

function FoundModel({ model, cards }: { readonly model: ModelCard; readonly cards: readonly MetricCard[] }): ReactNode {
  const { t } = useTranslation();
  const enabled = cards.filter((card) => model.enables.includes(card.metric));
  const questions = [...new Set(enabled.map(({ question }) => t(`firstRun.enables.${question}`)))];
  const makes = [...questions, ...(enabled.some(({ hasHeatMap }) => hasHeatMap) ? [t("firstRun.enables.maps")] : [])].join(", ");
  const isWhole = model.missing.length === 0;
  const place = model.isBundled ? t("firstRun.bundled") : t("firstRun.inPlace", { place: model.path.split(/[\\/]/).at(-2) ?? model.path });
  return (
    <Row
      icon={isWhole ? Check : TriangleAlert}
      tone={isWhole ? "text-accept" : "text-warn"}
      name={model.isBundled ? t("firstRun.family.starter") : model.name}
      note={isWhole ? place : t("firstRun.missingParts", { parts: model.missing.join(", ") })}
      title={model.path}
    >
      <span className="text-fg-2">{makes}</span>
    </Row>
  );
}

interface RowProps {
  readonly icon: typeof Check;
  readonly tone: string;
  readonly name: string;
  readonly note: string;
  readonly title?: string;
  readonly children: ReactNode;
}

function Row({ icon, tone, name, note, title, children }: RowProps): ReactNode {
  return (
    <div className="grid min-h-6.5 grid-cols-[16px_minmax(0,1fr)_auto] items-center gap-2" title={title}>
      <Icon icon={icon} className={tone} />
      <span className="truncate">
        {name} <span className="text-fg-3">{note}</span>
      </span>
      {children}
    </div>
  );
}
