/** @file One picture of the grid as large as the work area. */
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { pictureUrl } from "#shared/contract/media-routes";
import { selectOnly } from "../../../lib/selection";
import { PictureViewer } from "../../../ui/picture-viewer";
import type { AssetPages } from "../asset-pages";

export interface PreviewProps {
  readonly pages: AssetPages;
  readonly index: number;
  readonly onMove: (index: number) => void;
  readonly onClose: () => void;
}

/** The picture that is shown is selected; those beside it are fetched ahead. */
export function Preview({ pages, index, onMove, onClose }: PreviewProps): ReactNode {
  const { t } = useTranslation();
  const total = pages.total ?? 0;
  const asset = pages.at(index);
  useEffect(() => pages.need(Math.max(0, index - 2), Math.min(total, index + 3)), [pages, index, total]);
  useEffect(() => {
    if (asset) selectOnly([asset.id]);
  }, [asset]);
  const picture = asset && { name: asset.name, src: asset.isMissing ? null : pictureUrl(asset.id), absence: t("library.missing") };
  return <PictureViewer picture={picture} index={index} total={total} onMove={onMove} onClose={onClose} />;
}
