/** @file Writes a check down for others: one page, a table, a document, or a sheet of pictures. */
import { basename } from "node:path";
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { CheckVerdict } from "#shared/domain/check";
import type { ReportFile, ReportFormat, ReportRequest } from "#shared/domain/check-report";
import type { MetricCard } from "#shared/domain/model-card";
import { defined } from "#shared/lib/assert";
import { renderContactSheet, type SheetSection } from "../../data/imaging/contact-sheet";
import { renderThumbnail } from "../../data/imaging/thumbnail";
import type { Store } from "../../data/store/store-types";
import { checkDocument } from "../report/check-document";
import { checkCsv } from "../report/check-table";
import { countsText, scoreText } from "../report/check-words";
import { type FinishedCheck, finishCheck } from "../report/finished-check";
import { reportPage } from "../report/report-page";
import { measureName } from "../report/report-source";
import { drawScoreMatrix, type ScoreMatrix } from "../report/score-matrix";
import { programVersion } from "../version";
import type { CheckService } from "./check-service";
import type { PictureSource } from "./picture-source";
import { prefetch } from "./prefetch";

/** Longest side of a picture in a page: twice what it is shown at. */
const pageSide = 136;
/** Each takes about 3 kB of the page. */
const mostInPage = 2000;
const sheetSide = 200;
/** Beyond this a sheet is too long to be looked at. */
const mostOnSheet = 480;
const picturesAhead = 4;

export interface ReportService {
  /** Writes a finished check. Pictures that are not there any more are left blank. */
  write(check: FinishedCheck, how: { readonly format: ReportFormat; readonly title: string }): Promise<ReportFile>;
  /** Asks, splits and writes. What is measured already is not measured again. Throws what the check throws. */
  run(request: ReportRequest, signal?: AbortSignal): Promise<ReportFile>;
}

export interface ReportParts {
  readonly store: Store;
  readonly pictures: PictureSource;
  readonly checks: CheckService;
  readonly cards: () => Promise<readonly MetricCard[]>;
}

/** Creates the service over one library. */
export function createReportService(parts: ReportParts): ReportService {
  const write: ReportService["write"] = async (check, { format, title }) => {
    const madeAt = new Date();
    const name = `${fileName(title)}-${madeAt.toISOString().slice(0, 10)}`;
    switch (format) {
      case "html":
        return textFile(`${name}.html`, "text/html", await page(parts, check, { title, madeAt }));
      case "csv":
        return textFile(`${name}.csv`, "text/csv", checkCsv(check));
      case "json": {
        const about = { title, made: madeAt.toISOString(), program: `Semblance ${programVersion}` };
        return textFile(`${name}.json`, "application/json", `${JSON.stringify({ ...about, ...checkDocument(check) }, null, 2)}\n`);
      }
      case "sheet": {
        const bytes = await sheet(parts, check, title);
        return { name: `${name}.png`, contentType: "image/png", encoding: "base64", content: bytes.toString("base64") };
      }
    }
  };
  return {
    write,
    async run({ query, combine, cutoffs, title, format }, signal) {
      if (cutoffs.length > query.measures.length)
        throw appError("usage/invalid", `There are ${cutoffs.length} cut-offs for ${query.measures.length} measures.`);
      const byHand = new Map(
        [...parts.store.verdicts.holding(query.references).values()].map(({ assetId, verdict }) => [assetId, verdict]),
      );
      let last: FinishedCheck["result"] | null = null;
      for await (const { result } of parts.checks.run(query, signal)) last = result;
      const result = defined(last, "a check ends with its result");
      const check = await finishCheck(parts, {
        result,
        settings: { combine, cutoffs, byHand },
        pathsOf: new Map(),
        cards: await parts.cards(),
      });
      return write(check, { format, title });
    },
  };
}

function textFile(name: string, contentType: string, content: string): ReportFile {
  return { name, contentType, encoding: "utf8", content };
}

/** A name that every system takes. */
function fileName(title: string): string {
  const plain = title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "");
  return plain === "" ? "report" : plain.slice(0, 80);
}

async function page(parts: ReportParts, check: FinishedCheck, about: { readonly title: string; readonly madeAt: Date }): Promise<string> {
  const { result, split } = check;
  const inOrder = split.rows.map(({ candidate }) => candidate);
  const ids = [...result.references, ...inOrder.flatMap((place) => result.candidates[place] ?? [])].map(({ asset }) => asset.id);
  const pictures = new Map<AssetId, string>();
  for await (const { item, prepared } of prefetch([...new Set(ids)].slice(0, mostInPage), picturesAhead, (id) =>
    smallPicture(parts, id, pageSide),
  ))
    if (prepared !== null) pictures.set(item, `data:image/webp;base64,${prepared.toString("base64")}`);
  const matrices: (ScoreMatrix | null)[] = [];
  for (const measured of result.measures) matrices.push(inOrder.length === 0 ? null : await drawScoreMatrix(measured, inOrder));
  return reportPage({ check, document: checkDocument(check), ...about, pictures }, matrices);
}

/** Made from the thumbnail where the library has one; null for a picture that is not there or cannot be read. */
async function smallPicture({ store, pictures }: ReportParts, id: AssetId, longSide: number): Promise<Buffer | null> {
  const render = (path: string): Promise<Buffer | null> => renderThumbnail(path, longSide).catch(() => null);
  return (await render(store.thumbnails.path(id, 256))) ?? (await pictures.path(id).then(render, () => null));
}

async function sheet(parts: ReportParts, check: FinishedCheck, title: string): Promise<Buffer> {
  const { candidates, counts } = checkDocument(check);
  const shown = candidates.slice(0, mostOnSheet);
  const tiles: Record<CheckVerdict, SheetSection["tiles"][number][]> = { accepted: [], undecided: [], rejected: [] };
  for await (const { item, prepared } of prefetch(shown, picturesAhead, ({ assetId }) => smallPicture(parts, assetId, sheetSide))) {
    const scores = item.scores.map(({ score }) => scoreText(score)).join("  ");
    tiles[item.verdict].push({ picture: prepared, lines: [basename(item.path), `${scores}${item.byHand ? "  by hand" : ""}`] });
  }
  const measures = check.result.measures.map((_, index) => measureName(check, index)).join(" and ");
  const some = shown.length < candidates.length ? ` The best ${shown.length} of ${candidates.length} are shown.` : "";
  return renderContactSheet({
    title,
    note: `By ${measures}, against ${check.result.references.length} references. ${countsText(counts)}${some}`,
    sections: (["accepted", "undecided", "rejected"] as const).map((verdict) => ({
      heading: `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}, ${counts[verdict]}`,
      tiles: tiles[verdict],
    })),
  });
}
