/** @file Find: what in the library is like these pictures? */
import { type ReactNode, useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import { PanelLayout } from "../../../ui/panel-layout";
import type { FindSearch } from "../find-search";
import { useFind } from "../find-state";
import { askedAgainst } from "../look-past";
import { searchQueryOf } from "../query";
import type { SearchScope } from "../search-scope";
import { libraryMark } from "../queries";
import { useFindActions } from "../use-find-actions";
import { useFindUrl } from "../use-find-url";
import { useFindView } from "../use-find-view";
import { useSearch } from "../use-search";
import { usePastedPictures } from "./add-picture";
import { CropEditor } from "./crop-editor";
import { DetailPanel } from "./detail-panel";
import { QueryPanel } from "./query-panel";
import { ResultsArea } from "./results-area";

export interface ComparedPair {
  readonly a: AssetId;
  readonly b: AssetId;
  readonly metric: MetricName | null;
}

export interface FindPageProps {
  readonly search: FindSearch;
  /** What the Library is limited to now: a search can be limited alike. */
  readonly libraryScope: SearchScope;
  readonly onSearch: (next: FindSearch) => void;
  readonly onCompare: (pair: ComparedPair) => void;
  /** Takes a result to Consistency. */
  readonly onCheck: (ids: readonly AssetId[]) => void;
}

/** The workspace with its three columns. */
export function FindPage({ search, libraryScope, onSearch, onCompare, onCheck }: FindPageProps): ReactNode {
  const { t } = useTranslation();
  useFindUrl(search, onSearch);
  usePastedPictures();
  const view = useFindView();
  const { cards, card, range, cutoff } = view;
  const query = useFind((state) => state.history.present);
  const isAnswerable = card !== null && card.state !== "needs-model" && card.measured > 0;
  const retry = useSearch(
    isAnswerable ? searchQueryOf(query, card.metric, askedAgainst(query.against, card, view.other)) : null,
    card === null ? "" : libraryMark(card),
  );

  const metric = card?.metric ?? null;
  const firstId = query.references[0]?.assetId ?? null;
  const comparePair = useCallback((a: AssetId, b: AssetId) => onCompare({ a, b, metric }), [onCompare, metric]);
  const compare = useCallback((id: AssetId) => comparePair(firstId ?? id, id), [comparePair, firstId]);
  useFindActions({
    cards,
    card,
    other: view.other,
    cutoff,
    range,
    selectedId: view.selected?.asset.id ?? null,
    onCompare: comparePair,
    onCheck,
  });
  return (
    <PanelLayout
      workspace="find"
      mainLabel={t("find.results")}
      left={{
        label: t("find.query"),
        initialWidth: 280,
        content: <QueryPanel cards={cards} current={card} other={view.other} libraryScope={libraryScope} />,
      }}
      right={{
        label: t("find.whyItMatches"),
        initialWidth: 312,
        content: (
          <DetailPanel
            match={view.selected}
            references={query.references}
            card={card}
            voteNames={view.voteNames}
            pairs={view.pairCount}
            words={view.words}
            onCompare={compare}
          />
        ),
      }}
    >
      <h1 className="sr-only">{t("find.title")}</h1>
      <ResultsArea view={view} range={range} onRetry={retry} onCompare={compare} />
      <CropEditor />
    </PanelLayout>
  );
}
