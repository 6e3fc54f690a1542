/** @file Order, filter by votes, matched regions, and export of what is shown. */
import { CopyMinus, Download, ScanEye } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { saveTextFile } from "../../../lib/save-file";
import { Button } from "../../../ui/button";
import { Menu } from "../../../ui/menu";
import { Select } from "../../../ui/select";
import { Toolbar } from "../../../ui/toolbar";
import { type ResultsToExport, resultsToCsv, resultsToJson } from "../export-results";
import { resultOrders, useFind } from "../find-state";
import { voteFilters } from "../votes";

export interface ResultsToolbarProps {
  /** What the export writes; null while there is nothing to write. */
  readonly results: ResultsToExport | null;
  /** Whether more than one metric votes; a filter by votes means nothing otherwise. */
  readonly hasVotes: boolean;
  /** Whether any result has near-duplicates among the others. */
  readonly hasCopies: boolean;
}

/** The bar above the grid. */
export function ResultsToolbar({ results, hasVotes, hasCopies }: ResultsToolbarProps): ReactNode {
  const { t } = useTranslation();
  const order = useFind((state) => state.order);
  const votes = useFind((state) => state.votes);
  const areRegionsShown = useFind((state) => state.areRegionsShown);
  const areCopiesFolded = useFind((state) => state.areCopiesFolded);
  const isPast = results?.event.against !== null && results !== null;
  const save = (kind: "csv" | "json") => (): void => {
    if (results === null) return;
    if (kind === "csv") saveTextFile("semblance-results.csv", resultsToCsv(results), "text/csv");
    else saveTextFile("semblance-results.json", resultsToJson(results), "application/json");
  };
  return (
    <Toolbar label={t("find.resultTools")} className="h-9">
      <Select
        label={t("find.order")}
        isLabelShown
        value={order}
        onChange={(next) => useFind.setState({ order: next })}
        options={resultOrders.map((value) => ({
          value,
          label: t(value === "score" && isPast ? "find.orderBy.adjusted" : `find.orderBy.${value}`),
        }))}
      />
      {hasVotes && (
        <Select
          label={t("find.votes")}
          isLabelShown
          value={votes}
          onChange={(next) => useFind.setState({ votes: next })}
          options={voteFilters.map((value) => ({ value, label: t(`find.votesBy.${value}`) }))}
        />
      )}
      <Button
        size="sm"
        variant="ghost"
        icon={ScanEye}
        isPressed={areRegionsShown}
        title={t("find.regionsHint")}
        onClick={() => useFind.setState({ areRegionsShown: !areRegionsShown })}
      >
        {t("find.matchedRegions")}
      </Button>
      {hasCopies && (
        <Button
          size="sm"
          variant="ghost"
          icon={CopyMinus}
          isPressed={areCopiesFolded}
          title={t("find.foldCopiesHint")}
          onClick={() => useFind.setState({ areCopiesFolded: !areCopiesFolded })}
        >
          {t("find.foldCopies")}
        </Button>
      )}
      <span className="ml-auto" />
      <Menu
        trigger={
          <Button size="sm" variant="ghost" icon={Download} disabled={results === null}>
            {t("find.export")}
          </Button>
        }
        entries={[
          { id: "csv", label: t("find.exportCsv"), onSelect: save("csv") },
          { id: "json", label: t("find.exportJson"), onSelect: save("json") },
        ]}
      />
    </Toolbar>
  );
}
