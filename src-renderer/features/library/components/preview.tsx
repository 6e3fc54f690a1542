/** @file One picture as large as the work area, on the surround a person chooses. */
import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { pictureUrl } from "#shared/contract/media-routes";
import type { AssetSummary } from "#shared/domain/asset";
import { formatCount } from "../../../lib/format";
import { selectOnly } from "../../../lib/selection";
import { Artwork } from "../../../ui/artwork";
import { Button } from "../../../ui/button";
import { Kbd } from "../../../ui/kbd";
import { SegmentedControl } from "../../../ui/segmented-control";
import { Toolbar } from "../../../ui/toolbar";
import type { AssetPages } from "../asset-pages";

const surrounds = ["theme", "black", "mid", "white"] as const;
type Surround = (typeof surrounds)[number];
const surroundKeys = {
  theme: "library.surroundTheme",
  black: "library.surroundBlack",
  mid: "library.surroundMid",
  white: "library.surroundWhite",
} as const satisfies Record<Surround, string>;

export interface PreviewProps {
  readonly pages: AssetPages;
  readonly index: number;
  readonly onMove: (index: number) => void;
  readonly onClose: () => void;
}

/** Lies over the grid; arrows go on, Space and Escape close it. */
export function Preview({ pages, index, onMove, onClose }: PreviewProps): ReactNode {
  const { t } = useTranslation();
  const [surround, setSurround] = useState<Surround>("theme");
  const frame = useRef<HTMLDivElement>(null);
  const total = pages.total ?? 0;
  const asset = pages.at(index);
  useEffect(() => frame.current?.focus(), []);
  useEffect(() => pages.need(Math.max(0, index - 2), Math.min(total, index + 3)), [pages, index, total]);
  useEffect(() => {
    if (asset) selectOnly([asset.id]);
  }, [asset]);
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
      aria-label={t("library.preview")}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="absolute inset-0 z-30 flex flex-col bg-canvas outline-none"
    >
      <Toolbar label={t("library.preview")}>
        <span className="truncate">{asset?.name}</span>
        <span className="text-fg-3">{t("library.previewPosition", { position: formatCount(index + 1), total: formatCount(total) })}</span>
        <span className="ml-auto text-fg-3">{t("library.surround")}</span>
        <SegmentedControl
          label={t("library.surround")}
          value={surround}
          onChange={setSurround}
          options={surrounds.map((value) => ({ value, label: t(surroundKeys[value]) }))}
        />
        <Button variant="ghost" onClick={onClose}>
          {t("ui.close")} <Kbd shortcut="Space" />
        </Button>
      </Toolbar>
      <div className="min-h-0 flex-1 p-8" style={{ background: surround === "theme" ? "var(--canvas)" : `var(--surround-${surround})` }}>
        {asset && <PreviewPicture asset={asset} />}
      </div>
    </section>
  );
}

function PreviewPicture({ asset }: { readonly asset: AssetSummary }): ReactNode {
  const { t } = useTranslation();
  if (asset.isMissing) return <p className="grid h-full place-items-center text-fg-2">{t("library.missing")}</p>;
  return <Artwork key={asset.id} src={pictureUrl(asset.id)} alt={asset.name} fit="contain" className="size-full" />;
}
