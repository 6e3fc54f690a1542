/** @file Draws which part of a picture counts: drag a box, drag it about, or use the arrow keys. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import type { Crop } from "#shared/domain/search";
import { usePicture } from "../../../lib/pictures";
import { Artwork } from "../../../ui/artwork";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { type Point, boxBetween, cropPercent, isInside, movedBox, resizedBox } from "../crop-box";
import { editQuery, useFind } from "../find-state";
import { BoxOutline } from "./box-outline";

const close = (): void => useFind.setState({ croppedId: null });

/** The crop editor of the picture it was opened for; nothing otherwise. */
export function CropEditor(): ReactNode {
  const croppedId = useFind((state) => state.croppedId);
  const reference = useFind((state) => state.history.present.references.find(({ assetId }) => assetId === state.croppedId));
  return croppedId !== null && reference !== undefined ? <CropDialog key={croppedId} assetId={croppedId} initial={reference.crop} /> : null;
}

function CropDialog({ assetId, initial }: { readonly assetId: AssetId; readonly initial: Crop | null }): ReactNode {
  const { t } = useTranslation();
  const { picture: summary } = usePicture(assetId);
  const [box, setBox] = useState(initial);
  const apply = (): void => {
    editQuery({ type: "crop", assetId, crop: box });
    close();
  };
  const size = fitted(summary ?? { width: 4, height: 3 });
  return (
    <Dialog
      isOpen
      onClose={close}
      title={t("find.cropTitle")}
      note={summary?.name ?? undefined}
      closeLabel={t("ui.close")}
      className="w-fit"
      footer={
        <>
          <span className="mr-auto text-fg-3" role="status">
            {box === null ? t("find.cropNone") : t("find.cropShare", { percent: cropPercent(box) })}
          </span>
          <Button variant="ghost" disabled={box === null} onClick={() => setBox(null)}>
            {t("find.cropClear")}
          </Button>
          <Button variant="primary" onClick={apply}>
            {t("find.cropApply")}
          </Button>
        </>
      }
    >
      <CropField box={box} onChange={setBox} onApply={apply} src={thumbnailUrl(assetId, 1024)} size={size} />
    </Dialog>
  );
}

/** Largest size of the picture inside the dialog. */
function fitted({ width, height }: { readonly width: number; readonly height: number }): {
  readonly width: number;
  readonly height: number;
} {
  const scale = Math.min(680 / width, 460 / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

interface CropFieldProps {
  readonly box: Crop | null;
  readonly onChange: (box: Crop | null) => void;
  readonly onApply: () => void;
  readonly src: string;
  readonly size: { readonly width: number; readonly height: number };
}

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
/** Where the arrow keys begin when nothing was drawn yet. */
const middleHalf: Crop = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

function CropField({ box, onChange, onApply, src, size }: CropFieldProps): ReactNode {
  const { t } = useTranslation();
  const drag = useRef<{ readonly from: Point; readonly moved: Crop | null } | null>(null);
  const place = (event: PointerEvent): Point => {
    const frame = event.currentTarget.getBoundingClientRect();
    return { x: (event.clientX - frame.left) / frame.width, y: (event.clientY - frame.top) / frame.height };
  };
  const start = (event: PointerEvent): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const from = place(event);
    drag.current = { from, moved: box !== null && isInside(box, from) ? box : null };
  };
  const follow = (event: PointerEvent): void => {
    if (drag.current === null) return;
    const { from, moved } = drag.current;
    const to = place(event);
    onChange(moved === null ? boxBetween(from, to) : movedBox(moved, { x: to.x - from.x, y: to.y - from.y }));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const arrow = arrows[event.key];
    if (event.key === "Enter") onApply();
    if (arrow === undefined) return;
    event.preventDefault();
    const by = { x: arrow.x * 0.02, y: arrow.y * 0.02 };
    onChange(box === null ? middleHalf : event.shiftKey ? resizedBox(box, by) : movedBox(box, by));
  };
  return (
    <div className="grid justify-items-center gap-2 p-4">
      <div
        role="application"
        tabIndex={0}
        aria-label={t("find.cropField")}
        onPointerDown={start}
        onPointerMove={follow}
        onPointerUp={() => (drag.current = null)}
        onKeyDown={onKeyDown}
        className="relative cursor-crosshair touch-none overflow-hidden"
        style={size}
      >
        <Artwork src={src} alt="" fit="fill" className="size-full" />
        {box && <BoxOutline box={box} isMasking />}
      </div>
      <p className="m-0 text-2xs text-fg-3">{t("find.cropHint")}</p>
    </div>
  );
}
