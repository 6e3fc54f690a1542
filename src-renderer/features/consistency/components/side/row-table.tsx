/** @file A matrix as text: one picture with all others, most alike first. Any of the others is one press away. */
import { type KeyboardEvent, type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { formatScore } from "../../../../lib/format";
import { type PairMatrix, rowOf } from "../../pair-matrix";
import { usePictureName } from "./pair-reading";

export interface RowTableProps {
  readonly pairs: PairMatrix;
  /** The picture whose scores are listed. */
  readonly row: number;
  readonly onRow: (row: number) => void;
  /** T: back to the matrix. */
  readonly onClose: () => void;
}

/** Scrolls in its own space. */
export function RowTable({ pairs, row, onRow, onClose }: RowTableProps): ReactNode {
  const { t } = useTranslation();
  const nameOf = usePictureName();
  const others = useMemo(() => rowOf(pairs, row), [pairs, row]);
  const own = pairs.pictures[row];
  if (own === undefined) return null;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== "t" || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  const caption = t("check.side.rowOf", { name: nameOf(own) });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div role="region" aria-label={caption} tabIndex={0} onKeyDown={onKeyDown} className="max-h-80 overflow-auto">
      <table className="w-full table-fixed border-collapse text-2xs">
        <caption className="pb-1 text-left font-semibold text-fg-2">{caption}</caption>
        <thead>
          <tr className="text-left text-fg-3 [&>th]:sticky [&>th]:top-0 [&>th]:h-6 [&>th]:border-b [&>th]:border-line [&>th]:bg-panel [&>th]:font-medium">
            <th scope="col">{t("check.side.image")}</th>
            <th scope="col" className="w-16 text-right">
              {t("check.side.score")}
            </th>
          </tr>
        </thead>
        <tbody>
          {others.map(({ place, score }) => {
            const picture = pairs.pictures[place];
            return (
              picture && (
                <tr key={picture.asset.id}>
                  <td className="h-6 border-b border-line p-0">
                    <button
                      type="button"
                      onClick={() => onRow(place)}
                      className="block h-6 w-full truncate border-0 bg-transparent p-0 text-left text-fg-1 hover:underline"
                    >
                      {nameOf(picture)}
                    </button>
                  </td>
                  <td className="border-b border-line text-right">{score === null ? t("check.noReading") : formatScore(score)}</td>
                </tr>
              )
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
