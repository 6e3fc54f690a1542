/** @file A candidate beside the reference it is most alike to, as large as the work area. */
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { pictureUrl } from "#shared/contract/media-routes";
import type { CheckPicture } from "#shared/domain/check";
import { formatCount } from "../../../lib/format";
import { Artwork } from "../../../ui/artwork";
import { Button } from "../../../ui/button";
import { Kbd } from "../../../ui/kbd";
import { Toolbar } from "../../../ui/toolbar";

export interface SideBySideProps {
  readonly candidate: CheckPicture;
  /** null where no reference could be compared. */
  readonly nearest: CheckPicture | null;
  /** Verdict and scores in words. */
  readonly reading: string;
  readonly index: number;
  readonly total: number;
  readonly onMove: (index: number) => void;
  readonly onClose: () => void;
}

/** Lies over the columns; arrows go on, Z and Escape close it. Verdicts are given by their keys here too. */
export function SideBySide({ candidate, nearest, reading, index, total, onMove, onClose }: SideBySideProps): ReactNode {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => frame.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" || event.key.toLowerCase() === "z") {
      if (event.ctrlKey || event.metaKey) return;
      onClose();
    } else if (event.key === "ArrowRight" || event.key === "ArrowDown") onMove(Math.min(total - 1, index + 1));
    else if (event.key === "ArrowLeft" || event.key === "ArrowUp") onMove(Math.max(0, index - 1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // Arrow keys turn the pages of the view as a whole.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={frame}
      aria-label={t("check.sideBySide")}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="absolute inset-0 z-30 flex flex-col bg-canvas outline-none"
    >
      <Toolbar label={t("check.sideBySide")}>
        <span className="truncate">{candidate.asset.name}</span>
        <span className="text-fg-3">{t("ui.previewPosition", { position: formatCount(index + 1), total: formatCount(total) })}</span>
        <span role="status" className="truncate text-fg-2">
          {reading}
        </span>
        <Button variant="ghost" onClick={onClose} className="ml-auto">
          {t("ui.close")} <Kbd shortcut="Z" />
        </Button>
      </Toolbar>
      <div className="grid min-h-0 flex-1 grid-cols-2 gap-4 p-4">
        <Side picture={candidate} label={t("check.candidate")} />
        {nearest === null ? (
          <p className="m-0 grid place-items-center text-fg-2">{t("check.noNearest")}</p>
        ) : (
          <Side picture={nearest} label={t("check.nearestReference")} />
        )}
      </div>
    </section>
  );
}

function Side({ picture: { asset }, label }: { readonly picture: CheckPicture; readonly label: string }): ReactNode {
  return (
    <figure className="m-0 flex min-h-0 min-w-0 flex-col gap-2">
      <Artwork key={asset.id} src={pictureUrl(asset.id)} alt={`${label}: ${asset.name}`} fit="contain" className="min-h-0 flex-1" />
      <figcaption className="flex shrink-0 justify-center gap-2 text-2xs">
        <span className="text-fg-3">{label}</span>
        <span className="truncate text-fg-2">{asset.name}</span>
      </figcaption>
    </figure>
  );
}
