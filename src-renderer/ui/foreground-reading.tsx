/** @file Two pictures by what stands in front of each: both scores side by side, where the masks come from, and the way to paint them. */
import { useQuery } from "@tanstack/react-query";
import { Paintbrush } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { MaskInUse } from "#shared/domain/mask";
import { appErrorOf } from "../lib/app-error-of";
import { useEngine } from "../lib/engine";
import { formatScore } from "../lib/format";
import { editMask } from "../lib/mask-editing";
import { useIsReadOnly } from "../lib/read-only";
import { Artwork } from "./artwork";
import { IconButton } from "./icon-button";
import { useMaskInUse } from "./keep-mask";
import { MaskOverlay } from "./mask-overlay";

export interface ForegroundPicture {
  readonly id: AssetId;
  readonly name: string;
}

export interface ForegroundReadingProps {
  readonly a: ForegroundPicture;
  readonly b: ForegroundPicture;
  /** One that has a score of the foreground. */
  readonly metric: MetricName;
  /** Small pictures under their masks; left out where the pictures are on screen anyway. */
  readonly hasThumbnails?: boolean;
  /** A mask was kept or forgotten; for what is not a query. */
  readonly onChange?: () => void;
}

const nothing = (): void => undefined;

/** A dash stands for what is still computed. */
export function ForegroundReading({ a, b, metric, hasThumbnails = false, onChange = nothing }: ForegroundReadingProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data, error } = useQuery(api.compare.foreground.queryOptions({ input: { a: a.id, b: b.id, metric } }));
  const text = (score: number | null | undefined): string => (score === null || score === undefined ? "–" : formatScore(score));
  return (
    <div className="grid gap-2">
      <dl className="m-0 grid grid-cols-2 gap-2" aria-live="polite">
        {[
          [t("mask.whole"), text(data?.whole)],
          [t("mask.foreground"), text(data?.foreground)],
        ].map(([name, score]) => (
          <div key={name} className="rounded-md bg-well px-2 py-1.5">
            <dt className="text-2xs text-fg-3">{name}</dt>
            <dd className="m-0 text-md font-semibold select-text">{score}</dd>
          </div>
        ))}
      </dl>
      {error !== null && <p className="m-0 text-2xs text-danger-fg">{appErrorOf(error).message}</p>}
      <ul className={`m-0 grid list-none gap-2 p-0 ${hasThumbnails ? "grid-cols-2" : ""}`}>
        {[a, b].map((picture) => (
          <li key={picture.id} className="min-w-0">
            <MaskOf {...{ picture, metric, hasThumbnails, onChange }} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface MaskOfProps extends Required<Pick<ForegroundReadingProps, "metric" | "hasThumbnails" | "onChange">> {
  readonly picture: ForegroundPicture;
}

function MaskOf({ picture: { id, name }, metric, hasThumbnails, onChange }: MaskOfProps): ReactNode {
  const { t } = useTranslation();
  const inUse = useMaskInUse(id, metric);
  const isReadOnly = useIsReadOnly();
  return (
    <>
      {hasThumbnails && <MaskedThumbnail id={id} name={name} inUse={inUse} />}
      <div className="flex min-w-0 items-center gap-1">
        <span className="min-w-0 flex-1 text-2xs">
          <span className="block truncate text-fg-1" title={name}>
            {name}
          </span>
          <span className="block truncate text-fg-3">{inUse === null ? "–" : <Source inUse={inUse} isShort={hasThumbnails} />}</span>
        </span>
        <IconButton
          icon={Paintbrush}
          label={t("mask.editOf", { name })}
          disabled={inUse === null || isReadOnly}
          onClick={() => inUse !== null && editMask({ assetId: id, name, metric, inUse, onChange })}
        />
      </div>
    </>
  );
}

function Source({ inUse: { tiles, source }, isShort }: { readonly inUse: MaskInUse; readonly isShort: boolean }): ReactNode {
  const { t } = useTranslation();
  const share = tiles.reduce((sum, tile) => sum + tile, 0) / tiles.length;
  return t(isShort ? "mask.shareShort" : "mask.share", { percent: Math.round(100 * share), source: t(`mask.sources.${source}`) });
}

function MaskedThumbnail({
  id,
  name,
  inUse,
}: {
  readonly id: AssetId;
  readonly name: string;
  readonly inUse: MaskInUse | null;
}): ReactNode {
  const { t } = useTranslation();
  const shape = inUse === null ? 1 : inUse.mask.width / inUse.mask.height;
  return (
    <div className="mb-1 grid h-24 place-items-center">
      <div className="relative max-w-full overflow-hidden" style={{ aspectRatio: shape, width: `min(100%, ${Math.round(96 * shape)}px)` }}>
        <Artwork src={thumbnailUrl(id, 256)} alt={name} fit="fill" className="absolute inset-0" />
        {inUse !== null && <MaskOverlay mask={inUse.mask} label={t("mask.overlayOf", { name })} />}
      </div>
    </div>
  );
}
