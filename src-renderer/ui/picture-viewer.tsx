/** @file One picture as large as the work area, on the surround a person chooses. */
import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatCount } from "../lib/format";
import { Artwork } from "./artwork";
import { Button } from "./button";
import { Kbd } from "./kbd";
import { SegmentedControl } from "./segmented-control";
import { Toolbar } from "./toolbar";

const surrounds = ["theme", "black", "mid", "white"] as const;
type Surround = (typeof surrounds)[number];
const surroundKeys = {
  theme: "ui.surroundTheme",
  black: "ui.surroundBlack",
  mid: "ui.surroundMid",
  white: "ui.surroundWhite",
} as const satisfies Record<Surround, string>;

/** `src` is null for a picture that cannot be shown; `absence` says why. */
export interface ViewedPicture {
  readonly name: string;
  readonly src: string | null;
  readonly absence: string;
}

export interface PictureViewerProps {
  /** Undefined while it is not known yet. */
  readonly picture: ViewedPicture | undefined;
  readonly index: number;
  readonly total: number;
  readonly onMove: (index: number) => void;
  readonly onClose: () => void;
}

/** Lies over the grid; arrows go on, Space and Escape close it. */
export function PictureViewer({ picture, index, total, onMove, onClose }: PictureViewerProps): ReactNode {
  const { t } = useTranslation();
  const [surround, setSurround] = useState<Surround>("theme");
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => frame.current?.focus(), []);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const isInControl = event.target !== frame.current;
    if (event.key === "Escape" || (event.key === " " && !isInControl)) onClose();
    else if (event.key === "ArrowRight" && !isInControl) onMove(Math.min(total - 1, index + 1));
    else if (event.key === "ArrowLeft" && !isInControl) onMove(Math.max(0, index - 1));
    else if (event.key === "g") setSurround(surrounds[(surrounds.indexOf(surround) + 1) % surrounds.length] ?? "theme");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // Arrow keys turn the pages of the preview as a whole.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={frame}
      aria-label={t("ui.preview")}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="absolute inset-0 z-30 flex flex-col bg-canvas outline-none"
    >
      <Toolbar label={t("ui.preview")}>
        <span className="truncate">{picture?.name}</span>
        <span className="text-fg-3">{t("ui.previewPosition", { position: formatCount(index + 1), total: formatCount(total) })}</span>
        <span className="ml-auto text-fg-3">{t("ui.surround")}</span>
        <SegmentedControl
          label={t("ui.surround")}
          value={surround}
          onChange={setSurround}
          options={surrounds.map((value) => ({ value, label: t(surroundKeys[value]) }))}
        />
        <Button variant="ghost" onClick={onClose}>
          {t("ui.close")} <Kbd shortcut="Space" />
        </Button>
      </Toolbar>
      <div className="min-h-0 flex-1 p-8" style={{ background: surround === "theme" ? "var(--canvas)" : `var(--surround-${surround})` }}>
        {picture &&
          (picture.src === null ? (
            <p className="grid h-full place-items-center text-fg-2">{picture.absence}</p>
          ) : (
            <Artwork key={picture.src} src={picture.src} alt={picture.name} fit="contain" className="size-full" />
          ))}
      </div>
    </section>
  );
}
