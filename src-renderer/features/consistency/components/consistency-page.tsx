/** @file Consistency: the set-up at the left, the split in the middle. */
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { pictureUrl } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import type { CheckResult, CheckVerdict } from "#shared/domain/check";
import type { CheckSplit } from "#shared/domain/check-split";
import type { FileActKind } from "#shared/domain/split-files";
import { formatCount } from "../../../lib/format";
import { PanelLayout } from "../../../ui/panel-layout";
import { PictureViewer } from "../../../ui/picture-viewer";
import { StatusContent } from "../../../ui/status-slot";
import { placeAfterLeaving, placeOf } from "../columns-layout";
import { selectCandidate } from "../check-state";
import type { ComparedPair } from "../compared-pair";
import type { ConsistencySearch } from "../consistency-search";
import { useCandidateFilter, useGroupNote } from "../generation-groups";
import { type RowsByVerdict, rowsByVerdict } from "../split-rows";
import { type CheckView, useCheck } from "../use-check";
import { useCheckActions } from "../use-check-actions";
import { useCheckTitle } from "../use-check-title";
import { useCheckUrl } from "../use-check-url";
import { useMeasureName } from "../use-measure-name";
import { useUseSuggested } from "../use-suggested";
import { CheckDrop } from "./check-drop";
import { CheckHeader } from "./check-header";
import { CheckNotes } from "./check-notes";
import { CheckState } from "./check-states";
import { CutoffPanel } from "./cutoff-panel";
import { SetupPanel } from "./setup-panel";
import { SplitCommands } from "./export/split-commands";
import { GroupFilter } from "./side/group-filter";
import { SidePanel } from "./side/side-panel";
import { SideBySide } from "./side-by-side";
import { VerdictColumns, verdicts } from "./verdict-columns";
import { VotesSection } from "./votes/votes-section";

export interface ConsistencyPageProps {
  readonly search: ConsistencySearch;
  readonly onSearch: (next: ConsistencySearch) => void;
  readonly onCompare: (pair: ComparedPair) => void;
  /** Asks for a folder that is none of the library. */
  readonly onChooseFolder: (kind: FileActKind, use: (path: string) => void) => void;
}

/** The workspace under `#/consistency`. */
export function ConsistencyPage({ search, onSearch, onCompare, onChooseFolder }: ConsistencyPageProps): ReactNode {
  const { t } = useTranslation();
  useCheckUrl(search, onSearch);
  const check = useCheck();
  const title = useCheckTitle(check.setup);
  const { result, split, stage } = check;
  return (
    <PanelLayout
      workspace="consistency"
      mainLabel={t("check.title")}
      left={{ label: t("check.setup"), content: <SetupPanel check={check} /> }}
      {...(stage === "ready" &&
        result !== null &&
        split !== null && { right: sidePanel({ check, result, split, onCompare, label: t("check.side.panel") }) })}
    >
      <h1 className="sr-only">{t("check.title")}</h1>
      {stage === "ready" && result !== null && split !== null ? (
        <Split {...{ check, result, split, title, onCompare, onChooseFolder }} />
      ) : (
        <div className="min-h-0 flex-1">
          <CheckState check={check} />
        </div>
      )}
      <CheckDrop />
    </PanelLayout>
  );
}

interface SplitProps extends Pick<ConsistencyPageProps, "onCompare" | "onChooseFolder"> {
  readonly check: CheckView;
  readonly result: CheckResult;
  readonly split: CheckSplit;
  readonly title: string;
}

/** As wide as a matrix and its reading need. */
const sideWidth = 360;

function sidePanel({ check, result, split, onCompare, label }: Omit<SplitProps, "title" | "onChooseFolder"> & { readonly label: string }) {
  const { shownMeasure: measure, setup, selected, isReadOnly, decide } = check;
  const shared = { result, selected, combine: setup.combine, onSelect: selectCandidate, onCompare };
  const content = (
    <SidePanel {...shared} split={split} measure={measure}>
      <VotesSection {...shared} rows={split.rows} isReadOnly={isReadOnly} onDecide={decide} />
    </SidePanel>
  );
  return { label, initialWidth: sideWidth, content };
}

type Overlay = "preview" | "side-by-side" | null;

function Split({ check, result, split, title, onCompare, onChooseFolder }: SplitProps): ReactNode {
  const { selected, shownMeasure, setup } = check;
  const filter = useCandidateFilter(result);
  const noteOf = useGroupNote(result);
  const rows = useMemo(() => {
    const shown = filter === null ? split.rows : split.rows.filter(({ candidate }) => filter.passes(candidate));
    return rowsByVerdict(result, shown, setup.order);
  }, [result, split.rows, setup.order, filter]);
  const nameOf = useMeasureName(check.cards);
  const measureNames = useMemo(() => result.measures.map(({ measure }) => nameOf(measure.metric)), [result, nameOf]);
  const [overlay, setOverlay] = useState<Overlay>(null);
  const onDecide = useDecideSelected(check, result, rows);
  const useSuggested = useUseSuggested(check);
  const openSideBySide = useCallback(() => setOverlay("side-by-side"), []);
  const isShown = split.rows.some(({ candidate }) => result.candidates[candidate]?.asset.id === selected);
  useCheckActions({
    selected: isShown ? selected : null,
    hasCheck: true,
    isReadOnly: check.isReadOnly,
    onDecide,
    onSideBySide: openSideBySide,
  });
  const compare = useCallback(
    (id: AssetId) => {
      const row = split.rows.find(({ candidate }) => result.candidates[candidate]?.asset.id === id);
      const nearest = result.references[row?.nearest ?? 0];
      const metric = result.measures[shownMeasure]?.measure.metric;
      if (nearest !== undefined && metric !== undefined) onCompare({ a: nearest.asset.id, b: id, metric });
    },
    [split.rows, result, shownMeasure, onCompare],
  );
  const preview = useCallback((id: AssetId) => {
    selectCandidate(id);
    setOverlay("preview");
  }, []);
  return (
    <>
      <CheckHeader check={check} title={title}>
        <SplitCommands {...{ check, result, split, title, onChooseFolder }} />
      </CheckHeader>
      <CutoffPanel check={check} result={result} split={split} onSuggested={useSuggested} />
      <CheckNotes check={check} result={result} />
      <GroupFilter filter={filter} />
      <VerdictColumns
        {...{ result, split, rows, shownMeasure, measureNames, selected }}
        noteOf={noteOf}
        onSelect={selectCandidate}
        onOpen={compare}
        onPreview={preview}
      />
      <VerdictStatus split={split} />
      {overlay !== null && isShown && <Overlaid {...{ check, result, rows, overlay }} onClose={() => setOverlay(null)} />}
    </>
  );
}

/** Gives the selected candidate a verdict and goes on to the one that follows it. */
function useDecideSelected({ selected, decide }: CheckView, result: CheckResult, rows: RowsByVerdict): (verdict: CheckVerdict) => void {
  return useCallback(
    (verdict) => {
      if (selected === null) return;
      const lists = verdicts.map((each) => rows[each].map(({ candidate }) => result.candidates[candidate]?.asset.id ?? null));
      const place = placeOf(lists, selected);
      if (place === null) return;
      const next = placeAfterLeaving(lists, place, new Set([selected]));
      decide([selected], verdict);
      selectCandidate(next ?? selected);
    },
    [selected, decide, result, rows],
  );
}

function VerdictStatus({ split: { counts } }: Pick<SplitProps, "split">): ReactNode {
  const { t } = useTranslation();
  return (
    <StatusContent>
      <span role="status">
        {t("check.status", {
          accepted: formatCount(counts.accepted),
          undecided: formatCount(counts.undecided),
          rejected: formatCount(counts.rejected),
        })}
      </span>
    </StatusContent>
  );
}

interface OverlaidProps extends Pick<SplitProps, "check" | "result"> {
  readonly rows: RowsByVerdict;
  readonly overlay: Exclude<Overlay, null>;
  readonly onClose: () => void;
}

/** The selected candidate large, alone or beside the reference it is most alike to; in the order of the columns. */
function Overlaid({ check, result, rows, overlay, onClose }: OverlaidProps): ReactNode {
  const { t } = useTranslation();
  const all = verdicts.flatMap((verdict) => rows[verdict]);
  const index = all.findIndex(({ candidate }) => result.candidates[candidate]?.asset.id === check.selected);
  const row = all[index];
  const picture = row && result.candidates[row.candidate];
  if (row === undefined || picture === undefined) return null;
  const move = (to: number): void => {
    const target = all[to];
    const id = target && result.candidates[target.candidate]?.asset.id;
    if (id !== undefined) selectCandidate(id);
  };
  const close = (): void => {
    onClose();
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-candidate="${picture.asset.id}"]`)?.focus());
  };
  const place = { index, total: all.length, onMove: move, onClose: close };
  if (overlay === "preview") {
    const { asset } = picture;
    const shown = { name: asset.name, src: asset.isMissing ? null : pictureUrl(asset.id), absence: t("library.missing") };
    return <PictureViewer picture={shown} {...place} />;
  }
  const scores = row.scores.map((score) => (score === null ? t("check.noReading") : score.toFixed(3))).join(", ");
  const reading = [scores, t(`check.verdict.${row.verdict}`), row.isByHand ? t("check.byHand") : ""].filter(Boolean).join(", ");
  return <SideBySide candidate={picture} nearest={result.references[row.nearest ?? -1] ?? null} reading={reading} {...place} />;
}
