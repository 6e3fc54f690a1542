/** @file A few candidates as small pictures to press. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import { formatCount } from "../../../../lib/format";
import { Artwork } from "../../../../ui/artwork";

export interface PictureButtonsProps {
  /** `note` is said below the picture, e.g. its score. */
  readonly pictures: readonly { readonly asset: AssetSummary; readonly note: string }[];
  /** Left out: nothing can be pressed. */
  readonly onSelect?: (id: AssetId) => void;
}

const mostShown = 12;

/** The first dozen; how many more there are is said. */
export function PictureButtons({ pictures, onSelect }: PictureButtonsProps): ReactNode {
  const { t } = useTranslation();
  const left = pictures.length - mostShown;
  return (
    <ul className="m-0 mt-1 flex list-none flex-wrap items-end gap-1.5 p-0">
      {pictures.slice(0, mostShown).map(({ asset, note }) => {
        const content = (
          <>
            <Artwork src={thumbnailUrl(asset.id, 256)} alt={asset.name} className="size-10" />
            {note !== "" && <span className="block pt-px text-center text-2xs text-fg-2">{note}</span>}
          </>
        );
        return (
          <li key={asset.id} title={asset.name}>
            {onSelect === undefined ? (
              content
            ) : (
              <button type="button" onClick={() => onSelect(asset.id)} className="block border-0 bg-transparent p-0">
                {content}
              </button>
            )}
          </li>
        );
      })}
      {left > 0 && <li className="text-2xs text-fg-3">{t("check.side.more", { count: left, formatted: formatCount(left) })}</li>}
    </ul>
  );
}
