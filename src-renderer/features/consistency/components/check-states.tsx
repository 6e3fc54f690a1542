/** @file What Consistency says instead of a split: what is missing, how far it has come, or why it cannot check. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { formatCount } from "../../../lib/format";
import { useSelection } from "../../../lib/selection";
import { Button } from "../../../ui/button";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorCard } from "../../../ui/error-card";
import { ProgressBar } from "../../../ui/progress";
import { notifyError } from "../../../ui/toast";
import { changeSetup, checkAgain, openCheck, stopCheck, useCheckState } from "../check-state";
import { emptySetup } from "../check-setup";
import type { CheckView } from "../use-check";
import { PictureChooser } from "./picture-chooser";

/** What stands in the middle while there is no split; nothing while it is not known yet. */
export function CheckState({ check }: { readonly check: CheckView }): ReactNode {
  switch (check.stage) {
    case "nothing":
      return <NothingToCheck />;
    case "no-references":
      return <NoReferences />;
    case "no-candidates":
      return <NoCandidates />;
    case "no-metric":
      return <NoMetric />;
    case "measuring":
      return <Measuring />;
    case "stopped":
      return <Stopped />;
    case "failed":
      return <Failed />;
    case "loading":
    case "ready":
      return null;
  }
}

function NothingToCheck(): ReactNode {
  const { t } = useTranslation();
  const sample = useSampleCheck();
  const actions = (
    <>
      <ChooseReferences isPrimary />
      {sample !== null && <Button onClick={sample}>{t("check.trySample")}</Button>}
    </>
  );
  return (
    <EmptyState title={t("check.emptyTitle")} actions={actions}>
      {t("check.empty")}
    </EmptyState>
  );
}

/** References to start the sample's check with: one character in five styles, drawn right. */
const sampleReferences = ["mira-01", "mira-04", "mira-08", "mira-12", "mira-18"] as const;
const sampleCharacter = "mira-";

/** Opens the check of the sample library's character; null while that is not in the library. */
function useSampleCheck(): (() => void) | null {
  const { t } = useTranslation();
  const { api, client } = useEngine();
  const { data: status } = useQuery(api.system.status.queryOptions());
  if (status?.sample.isAdded !== true) return null;
  const open = async (): Promise<void> => {
    const { items } = await client.assets.page({ folder: null, text: sampleCharacter, sort: "name", offset: 0, limit: 60 });
    const pictures = items.filter(({ name }) => name.startsWith(sampleCharacter));
    const isReference = ({ name }: { readonly name: string }): boolean => sampleReferences.some((start) => name.startsWith(start));
    const references = pictures.filter(isReference).map(({ id }) => id);
    const assetIds = pictures.filter((picture) => !isReference(picture)).map(({ id }) => id);
    if (references.length === 0 || assetIds.length === 0) {
      notifyError({ code: "asset/not-found", message: t("check.sampleGone"), hint: t("check.sampleGoneHint") });
      return;
    }
    openCheck({ ...emptySetup, references, candidates: { kind: "assets", assetIds } });
  };
  return () => void open().catch((error: unknown) => notifyError(appErrorOf(error)));
}

function ChooseReferences({ isPrimary }: { readonly isPrimary: boolean }): ReactNode {
  const { t } = useTranslation();
  const [isChoosing, setIsChoosing] = useState(false);
  const choose = (references: readonly AssetId[]): void => {
    setIsChoosing(false);
    changeSetup({ references });
  };
  return (
    <>
      <Button variant={isPrimary ? "primary" : "plain"} onClick={() => setIsChoosing(true)}>
        {t("check.chooseReferencesDots")}
      </Button>
      {isChoosing && (
        <PictureChooser
          title={t("check.chooseReferences")}
          confirm={(count) => t("check.addReferences", { count, formatted: formatCount(count) })}
          onChoose={choose}
          onClose={() => setIsChoosing(false)}
        />
      )}
    </>
  );
}

function NoReferences(): ReactNode {
  const { t } = useTranslation();
  const selected = [...useSelection((state) => state.ids)];
  const actions = (
    <>
      <ChooseReferences isPrimary />
      {selected.length > 0 && (
        <Button onClick={() => changeSetup({ references: selected })}>{t("check.useSelected", { count: selected.length })}</Button>
      )}
    </>
  );
  return (
    <EmptyState title={t("check.noReferencesTitle")} actions={actions}>
      {t("check.referencesHint")}
    </EmptyState>
  );
}

function NoCandidates(): ReactNode {
  const { t } = useTranslation();
  const [isChoosing, setIsChoosing] = useState(false);
  const choose = (ids: readonly AssetId[]): void => {
    setIsChoosing(false);
    changeSetup({ candidates: { kind: "assets", assetIds: [...ids] } });
  };
  const actions = (
    <Button variant="primary" onClick={() => setIsChoosing(true)}>
      {t("check.choosePictures")}
    </Button>
  );
  return (
    <>
      <EmptyState title={t("check.noCandidatesTitle")} actions={actions}>
        {t("check.noCandidates")}
      </EmptyState>
      {isChoosing && (
        <PictureChooser
          title={t("check.chooseCandidates")}
          confirm={(count) => t("check.checkPictures", { count, formatted: formatCount(count) })}
          onChoose={choose}
          onClose={() => setIsChoosing(false)}
        />
      )}
    </>
  );
}

function NoMetric(): ReactNode {
  const { t } = useTranslation();
  return <EmptyState title={t("check.noMetricTitle")}>{t("check.noMetricNote")}</EmptyState>;
}

/** Nothing until the engine has said how much there is to do: what is measured already takes no time. */
function Measuring(): ReactNode {
  const { t } = useTranslation();
  const progress = useCheckState((state) => state.progress);
  if (progress === null || progress.total === 0) return <div className="flex-1" aria-busy />;
  const { done, total } = progress;
  return (
    <div aria-busy className="flex h-full flex-col items-center justify-center gap-3 text-fg-2">
      <ProgressBar label={t("check.measuring")} value={done / total} className="w-60" />
      {t("check.progress", { done: formatCount(done), total: formatCount(total) })}
      <Button onClick={stopCheck}>{t("ui.cancel")}</Button>
    </div>
  );
}

function Stopped(): ReactNode {
  const { t } = useTranslation();
  const actions = (
    <Button variant="primary" onClick={checkAgain}>
      {t("check.goOn")}
    </Button>
  );
  return (
    <EmptyState title={t("check.stoppedTitle")} actions={actions}>
      {t("check.stopped")}
    </EmptyState>
  );
}

function Failed(): ReactNode {
  const error = useCheckState((state) => state.error);
  return <div className="p-8">{error !== null && <ErrorCard error={error} onRetry={checkAgain} />}</div>;
}
