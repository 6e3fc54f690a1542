/** @file Chooses the two pictures of a comparison: from the library's selection, from its newest pictures, or from files. */
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { type DragEvent, type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import { appErrorOf } from "../../../lib/app-error-of";
import { droppedAsset } from "../../../lib/asset-drag";
import { useEngine } from "../../../lib/engine";
import { imageFiles, postOutsideImage } from "../../../lib/outside-image";
import { rememberOutsidePicture, usePicture } from "../../../lib/pictures";
import { useSelection } from "../../../lib/selection";
import { Artwork } from "../../../ui/artwork";
import { Button } from "../../../ui/button";
import { IconButton } from "../../../ui/icon-button";
import { notifyError } from "../../../ui/toast";
import { type PaneSide, paneSides } from "../tile";

export type ChosenPair = Readonly<Record<PaneSide, AssetId | null>>;

export interface PairPickerProps {
  readonly chosen: ChosenPair;
  readonly onChoose: (next: ChosenPair) => void;
}

/** Pictures offered below the slots: enough to begin, the library has all of them. */
const offered = 120;

/** The empty state of Compare. Choosing the second picture starts the comparison. */
export function PairPicker({ chosen, onChoose }: PairPickerProps): ReactNode {
  const { t } = useTranslation();
  const selected = [...useSelection((state) => state.ids)];
  const [first, second] = selected;
  const put = (id: AssetId): void => onChoose(withPicture(chosen, id));
  const addFiles = async (files: readonly File[]): Promise<void> => {
    let next = chosen;
    for (const file of files.slice(0, 2)) {
      try {
        const picture = await postOutsideImage(file);
        rememberOutsidePicture({ ...picture, name: file.name });
        next = withPicture(next, picture.id);
      } catch (error) {
        notifyError(appErrorOf(error));
      }
    }
    onChoose(next);
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    const assetId = droppedAsset(event);
    if (assetId !== null) put(assetId);
    else void addFiles(imageFiles(event.dataTransfer.files));
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <div className="grid shrink-0 justify-items-center gap-3 px-4 pt-8 pb-4 text-center">
        <h2 className="m-0 text-md font-semibold">{t("compare.chooseTwo")}</h2>
        <p className="m-0 max-w-100 text-fg-2">{t("compare.chooseTwoNote")}</p>
        <div className="flex items-center gap-3">
          {paneSides.map((side) => (
            <Slot key={side} side={side} id={chosen[side]} onRemove={() => onChoose({ ...chosen, [side]: null })} />
          ))}
        </div>
        <div className="flex gap-2 [--control:var(--control-hover)]">
          {first !== undefined && second !== undefined && (
            <Button variant="primary" onClick={() => onChoose({ a: first, b: second })}>
              {selected.length === 2 ? t("compare.compareSelected") : t("compare.compareFirstTwo", { number: selected.length })}
            </Button>
          )}
          <ChooseFiles onFiles={(files) => void addFiles(files)} />
        </div>
      </div>
      <Offered chosen={chosen} onPick={put} />
    </div>
  );
}

/** Fills the first empty slot; with both full it replaces B. */
export function withPicture(chosen: ChosenPair, id: AssetId): ChosenPair {
  return chosen.a === null ? { ...chosen, a: id } : { ...chosen, b: id };
}

function Slot({ side, id, onRemove }: { readonly side: PaneSide; readonly id: AssetId | null; readonly onRemove: () => void }): ReactNode {
  const { t } = useTranslation();
  const { picture } = usePicture(id);
  const letter = side.toUpperCase();
  return (
    <div className="relative grid h-28 w-40 place-items-center border border-dashed border-control-line bg-well text-fg-3">
      {id === null ? (
        <span className="text-lg">{letter}</span>
      ) : (
        <>
          <Artwork
            src={thumbnailUrl(id, 256)}
            alt={`${letter}: ${picture?.name ?? t("compare.outsidePicture")}`}
            fit="contain"
            className="size-full"
          />
          <IconButton
            icon={X}
            label={t("compare.removeSide", { letter })}
            onClick={onRemove}
            variant="plain"
            className="absolute top-1 right-1"
          />
        </>
      )}
    </div>
  );
}

function ChooseFiles({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }): ReactNode {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon={Plus} onClick={() => input.current?.click()}>
        {t("compare.chooseFile")}
      </Button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label={t("compare.chooseFile")}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}

function Offered({ chosen, onPick }: { readonly chosen: ChosenPair; readonly onPick: (id: AssetId) => void }): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data } = useQuery(
    api.assets.page.queryOptions({ input: { folder: null, text: null, sort: "newest", offset: 0, limit: offered } }),
  );
  if (!data || data.items.length === 0) return null;
  return (
    <section aria-label={t("compare.fromLibrary")} className="min-h-0 flex-1 overflow-auto border-t border-line px-4 py-3">
      <h3 className="m-0 mb-2 text-2xs font-semibold text-fg-2">{t("compare.fromLibrary")}</h3>
      <div className="flex flex-wrap gap-1.5">
        {data.items.map(({ id, name, width, height }) => (
          <button
            key={id}
            type="button"
            aria-label={name}
            title={name}
            aria-pressed={id === chosen.a || id === chosen.b}
            onClick={() => onPick(id)}
            className="h-24 border-0 bg-transparent p-0 aria-pressed:outline-2 aria-pressed:outline-offset-1 aria-pressed:outline-select"
            style={{ width: Math.min(240, Math.max(48, (96 * width) / height)) }}
          >
            <Artwork src={thumbnailUrl(id, 256)} alt="" className="size-full" />
          </button>
        ))}
      </div>
    </section>
  );
}
