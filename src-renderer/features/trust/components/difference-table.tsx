/** @file Whether two metrics differ on the same triplets, or only seem to. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BenchmarkResult } from "#shared/domain/benchmark";
import { cn } from "../../../lib/class-names";
import { formatCount } from "../../../lib/format";
import { titleOf } from "../words";
import { Cell, DataTable, Head } from "./data-table";

/** Below this chance a difference is called one. */
const clearBelow = 0.05;

/** Pairs of metrics with the better one first. */
export function DifferenceTable({ result }: { readonly result: BenchmarkResult }): ReactNode {
  const { t } = useTranslation();
  const pairs = result.mcnemar.map((pair) =>
    pair.onlyB > pair.onlyA ? { ...pair, a: pair.b, b: pair.a, onlyA: pair.onlyB, onlyB: pair.onlyA } : pair,
  );
  if (pairs.length === 0) return null;
  return (
    <section aria-labelledby="trust-difference">
      <h3 id="trust-difference" className="m-0 text-sm font-semibold">
        {t("trust.isReal")}
      </h3>
      <p className="mt-0.5 mb-1.5 text-2xs text-fg-3">{t("trust.isRealNote")}</p>
      <DataTable label={t("trust.isReal")}>
        <thead>
          <tr>
            <Head>{t("trust.pair")}</Head>
            <Head isNumber>{t("trust.onlyFirst")}</Head>
            <Head isNumber>{t("trust.onlySecond")}</Head>
            <Head isNumber>p</Head>
            <Head>{t("trust.real")}</Head>
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ a, b, onlyA, onlyB, p }) => (
            <tr key={`${a} ${b}`} className="hover:bg-hover-fill">
              <Cell isHead>{t("trust.over", { first: titleOf(result, a), second: titleOf(result, b) })}</Cell>
              <Cell isNumber>{formatCount(onlyA)}</Cell>
              <Cell isNumber>{formatCount(onlyB)}</Cell>
              <Cell isNumber>{p < 0.0001 ? "< 0.0001" : p.toFixed(p < 0.01 ? 4 : 3)}</Cell>
              <Cell>
                <span
                  className={cn(
                    "rounded-sm px-1.5 py-0.5 text-2xs",
                    p < clearBelow ? "bg-accept-fill text-accept" : "bg-control text-fg-2",
                  )}
                >
                  {t(p < clearBelow ? "trust.yes" : "trust.unclear")}
                </span>
              </Cell>
            </tr>
          ))}
        </tbody>
      </DataTable>
    </section>
  );
}
