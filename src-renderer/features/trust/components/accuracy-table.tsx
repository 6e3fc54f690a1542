/** @file How often each metric chose as people did, with what is published beside it where it may stand there. */
import { Fragment, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BenchmarkMetric, BenchmarkResult } from "#shared/domain/benchmark";
import { AccuracyBar, ShareAxis, shareScale, type ShareScale } from "../../../charts/accuracy-bar";
import { formatCount, formatPercent } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { Cell, DataTable, Head } from "./data-table";

/** The colours of the three voters; the words beside the bar name the metric. */
const colours: readonly (readonly [prefix: string, colour: string])[] = [
  ["ensemble", "var(--fg-1)"],
  ["diffsim", "var(--m-diffsim)"],
  ["clip", "var(--m-clip)"],
  ["dino", "var(--m-dino)"],
];

/** Who the judgements are by. */
const headings = {
  layout: "trust.accuracy",
  triplets: "trust.accuracy",
  labels: "trust.accuracyLabels",
  verdicts: "trust.accuracyOwn",
  own: "trust.accuracyOwn",
} as const;

const colourOf = (metric: string): string => colours.find(([prefix]) => metric.startsWith(prefix))?.[1] ?? "var(--fg-2)";
const percentOf = (share: number): string => formatPercent(100 * share);
/** Half of the interval, in points. */
const halfOf = ([low, high]: readonly [number, number]): string => `± ${(50 * (high - low)).toFixed(1)}`;

/** One row a metric; the parts of the set under it when asked for. */
export function AccuracyTable({ result }: { readonly result: BenchmarkResult }): ReactNode {
  const { t } = useTranslation();
  const [hasGroups, setHasGroups] = useState(false);
  const { metrics, set } = result;
  const areGroupsThere = metrics.some(({ groups }) => groups.length > 1);
  const shown = metrics.flatMap((metric) => [metric.interval[0], ...(hasGroups ? metric.groups.map(({ interval }) => interval[0]) : [])]);
  const scale = shareScale(Math.min(1, ...shown));
  const source = metrics.find(({ published }) => published !== null)?.published?.source ?? null;
  const isPublic = set.kind === "layout";
  return (
    <section aria-labelledby="trust-accuracy" className="mb-6">
      <div className="flex items-end gap-3">
        <div className="min-w-0 flex-1">
          <h3 id="trust-accuracy" className="m-0 text-sm font-semibold">
            {t(headings[set.kind])}
          </h3>
          <p className="mt-0.5 mb-1.5 max-w-[96ch] text-2xs text-fg-3">{t("trust.accuracyNote")}</p>
        </div>
        {areGroupsThere && (
          <Button size="sm" variant="ghost" isPressed={hasGroups} onClick={() => setHasGroups(!hasGroups)}>
            {t("trust.groups")}
          </Button>
        )}
      </div>
      <DataTable label={t(headings[set.kind])}>
        <thead>
          <tr>
            <Head>{t("trust.metric")}</Head>
            <Head className="w-[36%]">
              <ShareAxis scale={scale} />
              <span className="sr-only">{t("trust.right")}</span>
            </Head>
            <Head isNumber>{t("trust.right")}</Head>
            <Head isNumber>{t("trust.ties")}</Head>
            {isPublic && <Head isNumber>{t("trust.published")}</Head>}
            {isPublic && <Head isNumber>{t("trust.difference")}</Head>}
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric) => (
            <Fragment key={metric.metric}>
              <MetricRow metric={metric} scale={scale} isPublic={isPublic} />
              {hasGroups &&
                metric.groups.map((group) => (
                  <ShareRow
                    key={group.group}
                    name={<span className="pl-3 text-fg-2">{group.group}</span>}
                    tally={group}
                    scale={scale}
                    colour={colourOf(metric.metric)}
                    rest={isPublic ? 2 : 0}
                  />
                ))}
            </Fragment>
          ))}
        </tbody>
      </DataTable>
      {isPublic && (
        <p className="mt-1.5 text-2xs text-fg-3">{source === null ? t("trust.noneListed") : t("trust.publishedNote", { source })}</p>
      )}
    </section>
  );
}

interface MetricRowProps {
  readonly metric: BenchmarkMetric;
  readonly scale: ShareScale;
  readonly isPublic: boolean;
}

function MetricRow({ metric, scale, isPublic }: MetricRowProps): ReactNode {
  const { t } = useTranslation();
  const facts = [metric.model, metric.settings].filter((fact) => fact !== null).join(", ");
  const { published } = metric;
  const name = (
    <>
      <span className="block font-medium text-fg-1">{metric.title}</span>
      <span className="block max-w-56 truncate text-2xs text-fg-3" title={facts}>
        {metric.metric === "ensemble" ? t("trust.voteFacts") : facts}
      </span>
    </>
  );
  return (
    <ShareRow name={name} tally={metric} scale={scale} colour={colourOf(metric.metric)} rest={0}>
      {isPublic && (
        <Cell isNumber className={published === null ? "text-fg-3" : ""}>
          {published === null ? t("trust.notListed") : percentOf(published.accuracy)}
        </Cell>
      )}
      {isPublic && <Cell isNumber>{published === null ? "" : differenceText(published)}</Cell>}
    </ShareRow>
  );
}

function differenceText({ accuracy, of }: NonNullable<BenchmarkMetric["published"]>): string {
  const points = 100 * (of.accuracy - accuracy);
  return `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`;
}

interface ShareRowProps {
  readonly name: ReactNode;
  readonly tally: Pick<BenchmarkMetric, "accuracy" | "interval" | "correct" | "total" | "ties">;
  readonly scale: ShareScale;
  readonly colour: string;
  /** Empty cells at the end. */
  readonly rest: number;
  readonly children?: ReactNode;
}

function ShareRow({ name, tally: { accuracy, interval, correct, total, ties }, scale, colour, rest, children }: ShareRowProps): ReactNode {
  const { t } = useTranslation();
  const [low, high] = interval;
  const numbers = { correct: formatCount(correct), total: formatCount(total), low: percentOf(low), high: percentOf(high) };
  return (
    <tr className="hover:bg-hover-fill">
      <Cell isHead>{name}</Cell>
      <Cell className="pr-4">
        <AccuracyBar
          share={accuracy}
          interval={interval}
          scale={scale}
          colour={colour}
          label={t("trust.share", { share: percentOf(accuracy), ...numbers })}
        />
      </Cell>
      <Cell isNumber>
        <span className="font-semibold text-fg-1">{percentOf(accuracy)}</span>
        <span className="block text-2xs text-fg-3">{halfOf(interval)}</span>
      </Cell>
      <Cell isNumber>{formatCount(ties)}</Cell>
      {children}
      {rest > 0 && (
        <td colSpan={rest} className="border-b border-line">
          {"\u00a0"}
        </td>
      )}
    </tr>
  );
}
