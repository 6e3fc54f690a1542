/** @file The review of near-duplicates: groups as rows, the best picture first. Nothing is ever deleted here. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { pictureUrl } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import type { Duplicate, DuplicateGroup, Duplicates } from "#shared/domain/duplicates";
import { useEngine } from "../../../lib/engine";
import { formatCount } from "../../../lib/format";
import { selectOnly, useSelection } from "../../../lib/selection";
import { PanelLayout } from "../../../ui/panel-layout";
import { PictureViewer } from "../../../ui/picture-viewer";
import { StatusContent } from "../../../ui/status-slot";
import { type DuplicatesSearch, duplicateQueryOf } from "../duplicates-search";
import { reviewedPictures, withoutApart } from "../groups";
import { useReview } from "../review-state";
import { useKeepApart } from "../use-keep-apart";
import { useLook } from "../use-look";
import { useReviewActions } from "../use-review-actions";
import { ReviewGrid } from "./review-grid";
import { NoDuplicates, ReviewError, ReviewProgress } from "./review-states";
import { ReviewToolbar } from "./review-toolbar";

const noGroups: readonly DuplicateGroup[] = [];

export interface DuplicatesPageProps {
  readonly search: DuplicatesSearch;
  readonly onSearch: (change: DuplicatesSearch) => void;
  readonly onBack: () => void;
  readonly onCompare: (a: AssetId, b: AssetId) => void;
  /** Opens the Library at a picture. */
  readonly onOpen: (picture: Duplicate) => void;
  /** What is known of the selected picture. */
  readonly details: ReactNode;
}

/** The view under `#/duplicates`. It shares the panel of the Library. */
export function DuplicatesPage({ search, onSearch, onBack, onCompare, onOpen, details }: DuplicatesPageProps): ReactNode {
  const { t } = useTranslation();
  useEffect(() => useReview.setState({ search }), [search]);
  useLook(duplicateQueryOf(search));
  const answer = useReview((state) => state.answer);
  useOwnSelection(answer);
  const answerKey = useReview((state) => state.key);
  const apart = useReview((state) => state.apart);
  const error = useReview((state) => state.error);
  const groups = useMemo(() => withoutApart(answer?.groups ?? noGroups, apart), [answer, apart]);
  const pictures = useMemo(() => reviewedPictures(groups), [groups]);
  const currentId = useSelection((state) => state.current);
  const current = pictures.find(({ picture }) => picture.asset.id === currentId) ?? null;
  const keepApart = useKeepApart();
  const [opened, setOpened] = useState<number | null>(null);
  // Pictures may be kept apart while one of them is shown large.
  const viewed = opened === null || pictures.length === 0 ? null : Math.min(opened, pictures.length - 1);
  useReviewActions({ groups, current, onKeepApart: keepApart, onCompare, onOpen });
  const view = useCallback(
    (index: number) => {
      const id = pictures[index]?.picture.asset.id;
      if (id !== undefined) selectOnly([id]);
      setOpened(index);
    },
    [pictures],
  );
  const closeView = (): void => {
    setOpened(null);
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[role="gridcell"][data-index="${viewed}"]`)?.focus());
  };
  const shown = viewed === null ? undefined : pictures[viewed]?.picture.asset;
  return (
    <PanelLayout workspace="library" mainLabel={t("duplicates.title")} right={{ label: t("library.details"), content: details }}>
      <ReviewToolbar search={search} onSearch={onSearch} answer={answer} groups={groups} onBack={onBack} />
      {error !== null ? (
        <ReviewError error={error} onBack={onBack} />
      ) : answer === null ? (
        <ReviewProgress />
      ) : pictures.length === 0 ? (
        <NoDuplicates answer={answer} onSearch={onSearch} />
      ) : (
        <ReviewGrid
          key={answerKey}
          tier={answer.tier}
          groups={groups}
          pictures={pictures}
          onKeepApart={keepApart}
          onView={view}
          onOpen={onOpen}
        />
      )}
      <ReviewNote answer={answer} />
      {viewed !== null && (
        <PictureViewer
          picture={shown && { name: shown.name, src: shown.isMissing ? null : pictureUrl(shown.id), absence: t("library.missing") }}
          index={viewed}
          total={pictures.length}
          onMove={view}
          onClose={closeView}
        />
      )}
    </PanelLayout>
  );
}

/** Keys act on what is seen: a selection made elsewhere is given up. */
function useOwnSelection(answer: Duplicates | null): void {
  useEffect(() => {
    const shown = new Set(answer?.groups.flatMap(({ pictures }) => pictures.map(({ asset }) => asset.id)));
    if ([...useSelection.getState().ids].some((id) => !shown.has(id))) selectOnly([]);
  }, [answer]);
}

/** Whose likeness is shown, what was left out, and what the review never does. */
function ReviewNote({ answer }: { readonly answer: Duplicates | null }): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: cards } = useQuery(api.metrics.list.queryOptions());
  const metric = answer?.metric ?? null;
  const unlooked = answer?.unlooked ?? 0;
  const title = cards?.find((card) => card.metric === metric)?.title ?? metric;
  return (
    <StatusContent>
      <span className="text-fg-3">
        {title !== null && `${t("duplicates.alikeBy", { metric: title })} `}
        {unlooked > 0 && `${t("duplicates.unlooked", { count: unlooked, formatted: formatCount(unlooked) })} `}
        {t("duplicates.nothingDeleted")}
      </span>
    </StatusContent>
  );
}
