/** @file Trust: sets on the left, what a run found in the middle, its triplets on the right. */
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, Info } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { BenchmarkSet } from "#shared/domain/benchmark";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorCard } from "../../../ui/error-card";
import { Icon } from "../../../ui/icon";
import { PanelLayout } from "../../../ui/panel-layout";
import { StatusContent } from "../../../ui/status-slot";
import { Toolbar } from "../../../ui/toolbar";
import { chosenSet, filterOf, filterText, type TrustSearch } from "../trust-search";
import { type SetCommands, useFailure, useResult, useSetCommands, useSets } from "../use-benchmarks";
import { AddSetDialog } from "./add-set-dialog";
import { ExportMenu } from "./export-menu";
import { JudgeView } from "./judge-view";
import { ResultView } from "./result-view";
import { RunControls } from "./run-controls";
import { SetList } from "./set-list";
import { TripletPanel } from "./triplet-panel";

export interface TrustPageProps {
  readonly search: TrustSearch;
  readonly onSearch: (change: TrustSearch) => void;
  readonly onCompare: (a: AssetId, b: AssetId) => void;
  /** Lets a person choose a folder and tells its path. */
  readonly onChooseFolder: (use: (path: string) => void) => void;
}

/** The workspace. */
export function TrustPage({ search, onSearch, onCompare, onChooseFolder }: TrustPageProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: status } = useQuery(api.system.status.queryOptions());
  const { data, error, refetch } = useSets();
  const commands = useSetCommands();
  const [isJudging, setIsJudging] = useState(false);
  const [folder, setFolder] = useState<string | null>(null);
  const set = data === undefined ? null : chosenSet(data.sets, search.set);
  const { data: result = null, error: resultError } = useResult(set);
  const isReadOnly = status?.isReadOnly ?? true;
  const choose = ({ id }: BenchmarkSet): void => {
    setIsJudging(false);
    onSearch({ set: id, filter: search.filter, at: undefined });
  };
  const filter = filterOf(search.filter);
  const browse = (text: string): void => onSearch({ ...search, filter: text, at: undefined });
  const left = (
    <SetList
      sets={data?.sets ?? []}
      chosen={set}
      isReadOnly={isReadOnly}
      onChoose={choose}
      onAdd={() => onChooseFolder(setFolder)}
      onRemove={commands.remove}
      onJudge={() => setIsJudging(true)}
    />
  );
  const right = (
    // Of another set nothing is shown while its own triplets are on their way.
    <TripletPanel
      key={set?.id}
      result={result?.set.id === set?.id ? result : null}
      filter={filter}
      at={search.at ?? 0}
      onFilter={(next) => browse(filterText(next))}
      onGo={(at) => onSearch({ ...search, at })}
      onCompare={onCompare}
    />
  );
  const failure = error ?? resultError;
  return (
    <PanelLayout
      workspace="trust"
      left={{ label: t("trust.sets"), initialWidth: 264, content: left }}
      {...(isJudging ? {} : { right: { label: t("trust.tripletPanel"), initialWidth: 404, content: right } })}
      mainLabel={t("shell.trust")}
    >
      {isJudging ? (
        <JudgeView
          onDone={() => {
            setIsJudging(false);
            onSearch({ set: data?.sets.find(({ kind }) => kind === "own")?.id });
          }}
        />
      ) : failure ? (
        <div className="p-8">
          <ErrorCard error={appErrorOf(failure)} onRetry={() => void refetch()} />
        </div>
      ) : (
        set && (
          <ChosenSet set={set} commands={commands} isReadOnly={isReadOnly}>
            {result === null || result.judged === 0 ? (
              <NotRun set={set} />
            ) : (
              <ResultView
                result={result}
                browsed={filter.kind === "right" ? filter.metrics : null}
                onBrowse={(metrics) => browse(filterText({ kind: "right", metrics: [...metrics] }))}
              />
            )}
          </ChosenSet>
        )
      )}
      {folder !== null && (
        <AddSetDialog
          path={folder}
          layouts={data?.layouts ?? []}
          onClose={() => setFolder(null)}
          onAdd={(layout) => {
            setFolder(null);
            void commands.add(folder, layout).then((added) => added !== null && choose(added));
          }}
        />
      )}
      <StatusContent>{t("trust.status")}</StatusContent>
    </PanelLayout>
  );
}

interface ChosenSetProps {
  readonly set: BenchmarkSet;
  readonly commands: SetCommands;
  readonly isReadOnly: boolean;
  readonly children: ReactNode;
}

/** The set's own bar over what was found. */
function ChosenSet({ set, commands, isReadOnly, children }: ChosenSetProps): ReactNode {
  const { t } = useTranslation();
  const [metrics, setMetrics] = useState<readonly MetricName[] | null>(null);
  const failure = useFailure(set);
  return (
    <>
      <Toolbar label={t("trust.tools")}>
        <h2 className="m-0 shrink-0 text-sm font-medium">{set.title}</h2>
        <span className="min-w-0 truncate text-fg-3 narrow:hidden">{t(set.kind === "labels" ? "trust.asksLabels" : "trust.asks")}</span>
        <span className="ml-auto" />
        <ExportMenu set={set} />
        <RunControls set={set} commands={commands} metrics={metrics} onMetrics={setMetrics} isReadOnly={isReadOnly} />
      </Toolbar>
      {failure !== null && (
        <p role="alert" className="flex shrink-0 gap-1.5 border-b border-line px-4 py-2 text-2xs text-fg-1">
          <Icon icon={CircleAlert} size={14} className="text-danger" />
          <span>{[t("trust.failed"), failure.message, failure.hint].filter(Boolean).join(" ")}</span>
        </p>
      )}
      {children}
    </>
  );
}

/** What a set says before its first run. */
function NotRun({ set }: { readonly set: BenchmarkSet }): ReactNode {
  const { t } = useTranslation();
  if (set.jobId !== null) return <div className="flex-1" aria-busy />;
  const says = [set.partial, ...set.notes].filter((note) => note !== null);
  return (
    <EmptyState title={t(set.triplets === 0 ? "trust.nothingJudged" : "trust.notRunYet")}>
      {t(set.triplets === 0 ? "trust.ownNote" : "trust.notRunNote")}
      {says.map((note) => (
        <p key={note} className="mt-2 flex gap-1.5 text-left text-2xs text-fg-3">
          <Icon icon={Info} size={12} className="mt-0.5" />
          <span>{note}</span>
        </p>
      ))}
    </EmptyState>
  );
}
