/** @file The candidates of each verdict in the order that is asked for. Pure. */
import type { CheckResult, CheckVerdict } from "#shared/domain/check";
import type { CheckRow } from "#shared/domain/check-split";
import type { CheckOrder } from "./check-setup";

export type RowsByVerdict = Readonly<Record<CheckVerdict, readonly CheckRow[]>>;

/** `rows` come best first. */
export function rowsByVerdict(result: CheckResult, rows: readonly CheckRow[], order: CheckOrder): RowsByVerdict {
  const ordered = orderedRows(result, rows, order);
  const of = (verdict: CheckVerdict): readonly CheckRow[] => ordered.filter((row) => row.verdict === verdict);
  return { accepted: of("accepted"), undecided: of("undecided"), rejected: of("rejected") };
}

const byName = new Intl.Collator("en", { numeric: true });

function orderedRows(result: CheckResult, rows: readonly CheckRow[], order: CheckOrder): readonly CheckRow[] {
  if (order === "score") return rows;
  if (order === "worst") return rows.toReversed();
  const nameOf = ({ candidate }: CheckRow): string => result.candidates[candidate]?.asset.name ?? "";
  return rows.toSorted((one, other) => byName.compare(nameOf(one), nameOf(other)));
}
