/** @file The pair under the pointer: both pictures, their score, and how it stands among random pairs. Spoken at most once a second. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import { shareBelow } from "#shared/domain/check-calibration";
import type { MatrixCell } from "../../../../charts/matrix-window";
import { formatCount, formatScore } from "../../../../lib/format";
import { useThrottled } from "../../../../lib/use-throttled";
import { Artwork } from "../../../../ui/artwork";
import { VisuallyHidden } from "../../../../ui/visually-hidden";
import type { MatrixPicture, PairMatrix } from "../../pair-matrix";

export interface PairReadingProps {
  readonly pairs: PairMatrix;
  readonly cell: MatrixCell;
  /** Scores of random pairs, ascending. */
  readonly random: readonly number[];
  readonly onOpen: () => void;
}

/** Of fewer random pairs a share would be a guess. */
const fewestPairs = 200;

/** A button: it opens the pair in Compare. */
export function PairReading({ pairs: { pictures, values }, cell: { row, column }, random, onOpen }: PairReadingProps): ReactNode {
  const { t } = useTranslation();
  const nameOf = usePictureName();
  const [a, b] = [pictures[row], pictures[column]];
  const value = values[row * pictures.length + column] ?? Number.NaN;
  const score = Number.isNaN(value) ? null : value;
  const scoreText = score === null ? t("check.side.notMeasured") : formatScore(score);
  const names = a === undefined || b === undefined ? "" : a === b ? nameOf(a) : t("check.side.pair", { a: nameOf(a), b: nameOf(b) });
  const share = score === null || a === b || random.length < fewestPairs ? null : shareBelow(random, score);
  const standing =
    share === null
      ? ""
      : share === 1
        ? t("check.side.beatsAll", { pairs: formatCount(random.length) })
        : t("check.side.beats", { percent: (share * 100).toFixed(1) });
  const spoken = useThrottled(`${names}: ${scoreText} ${standing}`);
  if (a === undefined || b === undefined) return null;
  return (
    <>
      <button
        type="button"
        disabled={a === b}
        title={t("check.side.openPair")}
        onClick={onOpen}
        className="mt-2 grid w-full grid-cols-[40px_40px_minmax(0,1fr)] items-center gap-2 rounded-md border-0 bg-transparent p-0 text-left enabled:hover:bg-hover-fill"
      >
        {[a, b].map(({ asset }, side) => (
          <Artwork key={side === 0 ? "a" : "b"} src={thumbnailUrl(asset.id, 256)} alt="" className="size-10" />
        ))}
        <span className="min-w-0">
          <span className="block leading-tight">
            <b className="font-semibold text-fg-1">{scoreText}</b> <span className="text-fg-3">{standing}</span>
          </span>
          <span className="block truncate text-2xs text-fg-2">{names}</span>
        </span>
      </button>
      <VisuallyHidden isLive>{spoken}</VisuallyHidden>
    </>
  );
}

/** "Reference 3", or a candidate's file name. */
export function usePictureName(): (picture: MatrixPicture) => string {
  const { t } = useTranslation();
  return ({ kind, index, asset }) => (kind === "reference" ? t("check.side.reference", { number: index + 1 }) : asset.name);
}
