/** @file Whether a metric that is sure is also right: the curve of one metric, and its numbers. */
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BenchmarkResult } from "#shared/domain/benchmark";
import { CalibrationCurve } from "../../../charts/calibration-curve";
import { formatCount, formatPercent } from "../../../lib/format";
import { Select } from "../../../ui/select";
import { Cell, DataTable, Head } from "./data-table";

const percentOf = (share: number): string => formatPercent(100 * share);

/** Nothing where too few triplets were judged to say anything. */
export function CalibrationSection({ result }: { readonly result: BenchmarkResult }): ReactNode {
  const { t } = useTranslation();
  const known = result.metrics.filter(({ calibration }) => calibration !== null);
  const [asked, setAsked] = useState<string | null>(null);
  const metric = known.find((each) => each.metric === asked) ?? known[0];
  const calibration = metric?.calibration ?? null;
  if (metric === undefined || calibration === null) return null;
  return (
    <section aria-labelledby="trust-calibration" className="mb-6">
      <div className="flex items-center gap-3">
        <h3 id="trust-calibration" className="m-0 text-sm font-semibold">
          {t("trust.calibration")}
        </h3>
        <Select
          label={t("trust.metric")}
          value={metric.metric}
          options={known.map((each) => ({ value: each.metric, label: each.title }))}
          onChange={setAsked}
        />
      </div>
      <p className="mt-0.5 mb-2 max-w-[96ch] text-2xs text-fg-3">{t("trust.calibrationNote")}</p>
      <div className="flex flex-wrap gap-6">
        <CalibrationCurve
          points={calibration.bins}
          xLabel={t("trust.sureness")}
          yLabel={t("trust.wasRight")}
          label={t("trust.calibrationLabel", { title: metric.title, error: percentOf(calibration.error) })}
        />
        <div className="min-w-64 flex-1">
          <DataTable label={t("trust.calibrationTable", { title: metric.title })}>
            <thead>
              <tr>
                <Head>{t("trust.sureness")}</Head>
                <Head isNumber>{t("trust.wasRight")}</Head>
                <Head isNumber>{t("trust.interval")}</Head>
                <Head isNumber>{t("trust.choices")}</Head>
              </tr>
            </thead>
            <tbody>
              {[...calibration.bins.entries()].map(
                ([
                  place,
                  {
                    sureness,
                    right,
                    interval: [low, high],
                    count,
                  },
                ]) => (
                  <tr key={place}>
                    <Cell isHead>{percentOf(sureness)}</Cell>
                    <Cell isNumber>{percentOf(right)}</Cell>
                    <Cell isNumber className="text-fg-3">
                      {t("trust.range", { low: percentOf(low), high: percentOf(high) })}
                    </Cell>
                    <Cell isNumber>{formatCount(count)}</Cell>
                  </tr>
                ),
              )}
            </tbody>
          </DataTable>
          <p className="mt-2 text-2xs text-fg-2">{t("trust.calibrationError", { error: percentOf(calibration.error) })}</p>
        </div>
      </div>
    </section>
  );
}
