/** @file The same facts as the maps, as text. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type PaneSide, paneSides, tileName } from "../tile";
import { mapSummary } from "../token-vectors";
import type { CompareModel } from "../use-compare-view";

export interface TableRow {
  readonly key: string;
  readonly cells: readonly (string | number)[];
}

const strongestShown = 10;

/** The tiles of a map with the highest values, best first. */
export function strongestTiles(
  values: ArrayLike<number>,
  count = strongestShown,
): readonly { readonly tile: number; readonly value: number }[] {
  return Array.from(values, (value, tile) => ({ tile, value }))
    .sort((one, other) => other.value - one.value)
    .slice(0, count);
}

/** A table for the view that is shown; it scrolls in its own space. */
export function CompareTable({ model }: { readonly model: CompareModel }): ReactNode {
  const { t } = useTranslation();
  return (
    <div
      role="region"
      aria-label={t("compare.table")}
      tabIndex={0}
      className="h-[214px] shrink-0 overflow-auto border-t border-line bg-panel"
    >
      {model.view === "matches" ? <MatchesTable model={model} /> : <MapsTable model={model} />}
    </div>
  );
}

function MapsTable({ model }: { readonly model: CompareModel }): ReactNode {
  const { t } = useTranslation();
  const { maps, pictures } = model;
  if (maps === null) return null;
  const nameOf = (side: PaneSide): string => pictures[side]?.name ?? t("compare.outsidePicture");
  const summaries = paneSides.map((side): TableRow => {
    const { mean, spread } = mapSummary(maps[side].values);
    return { key: side, cells: [nameOf(side), mean.toFixed(3), spread.toFixed(3)] };
  });
  const tiles = paneSides.flatMap((side) =>
    strongestTiles(maps[side].values).map(({ tile, value }): TableRow => {
      const { column, row } = tileName(tile, maps[side].grid);
      return { key: `${side}${tile}`, cells: [nameOf(side), column, row, value.toFixed(3)] };
    }),
  );
  return (
    <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-6 px-3">
      <Table caption={t("compare.tableMaps")} heads={[t("compare.image"), t("compare.mean"), t("compare.spread")]} rows={summaries} />
      <Table
        caption={t("compare.tableTiles")}
        heads={[t("compare.image"), t("compare.column"), t("compare.row"), t("compare.score")]}
        rows={tiles}
      />
    </div>
  );
}

function MatchesTable({ model: { matches, pair } }: { readonly model: CompareModel }): ReactNode {
  const { t } = useTranslation();
  if (!pair?.a || !pair.b) return null;
  const { a, b } = pair;
  const place = (tile: number, grid: typeof a.grid): string => {
    const { column, row } = tileName(tile, grid);
    return `${column}, ${row}`;
  };
  const rows = matches.map((match, index): TableRow => ({
    key: String(match.a),
    cells: [index + 1, place(match.a, a.grid), place(match.b, b.grid), match.agreement.toFixed(3)],
  }));
  return (
    <Table
      caption={t("compare.tableMatches")}
      heads={[t("compare.number"), t("compare.tileInA"), t("compare.tileInB"), t("compare.agreement")]}
      rows={rows}
    />
  );
}

function Table({
  caption,
  heads,
  rows,
}: {
  readonly caption: string;
  readonly heads: readonly string[];
  readonly rows: readonly TableRow[];
}): ReactNode {
  return (
    <table className="w-full border-collapse self-start">
      <caption className="py-1.5 text-left text-2xs font-semibold text-fg-2">{caption}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th
              key={head}
              scope="col"
              className="sticky top-0 h-[26px] border-b border-line bg-panel text-left text-2xs font-medium text-fg-3"
            >
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells }) => (
          <tr key={key} className="hover:bg-hover-fill">
            {cells.map((cell, column) => (
              <td key={heads[column]} className="h-6 max-w-40 truncate border-b border-line pr-2">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
