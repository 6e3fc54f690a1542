/** @file The right panel of Consistency: every pair, which reference was copied, what is unlike the others, and what the generation data did. */
import type { ReactNode } from "react";
import type { AssetId } from "#shared/domain/asset";
import type { CheckCombine, CheckResult } from "#shared/domain/check";
import type { CheckSplit } from "#shared/domain/check-split";
import type { ComparedPair } from "../../compared-pair";
import { ByGeneration } from "./by-generation";
import { CopiedReferences } from "./copied-references";
import { EveryPair } from "./every-pair";
import { UnlikeOthers } from "./unlike-others";

export interface SidePanelProps {
  readonly result: CheckResult;
  readonly split: CheckSplit;
  /** Which of the result's measures is looked at. */
  readonly measure: number;
  readonly combine: CheckCombine;
  /** The selected candidate. */
  readonly selected: AssetId | null;
  readonly onSelect: (id: AssetId) => void;
  readonly onCompare: (pair: ComparedPair) => void;
  /** More about the selected candidate, below its pairs. */
  readonly children?: ReactNode;
}

/** Everything here is derived from the answer that is there, but for the pairs of candidates. */
export function SidePanel(props: SidePanelProps): ReactNode {
  const { result, split, measure, combine, selected, onSelect, onCompare, children } = props;
  const measured = result.measures[measure];
  if (measured === undefined) return null;
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <EveryPair {...{ result, measured, selected, onSelect, onCompare }} rows={split.rows} />
      {children}
      <CopiedReferences {...{ result, selected, onSelect }} rows={split.rows} />
      <UnlikeOthers {...{ result, measured, measure, combine, onSelect }} rows={split.rows} />
      <ByGeneration
        result={result}
        scores={scoresByCandidate(split, measure)}
        question={measured.question}
        cutoff={split.cutoffs[measure]?.accept ?? null}
      />
    </div>
  );
}

/** Combined scores by the place of the candidate. */
function scoresByCandidate({ rows }: CheckSplit, measure: number): ReadonlyMap<number, number | null> {
  return new Map(rows.map(({ candidate, scores }) => [candidate, scores[measure] ?? null]));
}
