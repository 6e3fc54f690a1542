/** @file A dialog to paint what stands in front in a picture. */
import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { pictureUrl } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import { type MaskPixels, packMask, unpackMask } from "#shared/domain/mask";
import { useEngine } from "../lib/engine";
import { type MaskEditing, editMask, useMaskEditing } from "../lib/mask-editing";
import { type MaskPlace, countsAnything, painted } from "../lib/mask-paint";
import { Artwork } from "./artwork";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { useKeepMask } from "./keep-mask";
import { MaskCanvas } from "./mask-overlay";
import { SegmentedControl } from "./segmented-control";
import { Slider } from "./slider";

const tools = ["add", "remove"] as const;
type Tool = (typeof tools)[number];
const smallest = 1;
const largest = 20;
/** How far an arrow key moves the brush, as a share of the picture. */
const keyStep = 0.02;
const middle: MaskPlace = { x: 0.5, y: 0.5 };

const onClose = (): void => editMask(null);

/** The editor over whatever workspace opened it. */
export function MaskEditorDialog(): ReactNode {
  const editing = useMaskEditing((state) => state.editing);
  return editing === null ? null : <MaskEditor key={editing.assetId} {...editing} />;
}

/** Starts with the mask in use; nothing changes in the library before it is saved. */
function MaskEditor({ assetId, name, metric, inUse, onChange }: MaskEditing): ReactNode {
  const { t } = useTranslation();
  const keep = useKeepMask(onChange);
  const painting = usePainting(useMemo(() => unpackMask(inUse.mask), [inUse.mask]));
  const { api } = useEngine();
  const estimate = useQuery(api.masks.estimate.queryOptions({ input: { assetId, metric } }));
  const [tool, setTool] = useState<Tool>("add");
  const [percent, setPercent] = useState(6);
  const close = (mask: Parameters<typeof keep>[1]): void => {
    onClose();
    void keep(assetId, mask);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key.toLowerCase() === "z") painting.undo();
    else if (!isCommand && event.key.toLowerCase() === "e") setTool(tool === "add" ? "remove" : "add");
    else if (event.key === "[") setPercent(Math.max(smallest, percent - 1));
    else if (event.key === "]") setPercent(Math.min(largest, percent + 1));
    else return;
    event.preventDefault();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("mask.title")}
      note={<span className="block max-w-72 truncate">{name}</span>}
      closeLabel={t("ui.close")}
      className="w-[720px]"
      footer={
        <>
          {inUse.source === "given" && (
            <Button variant="ghost" onClick={() => close(null)}>
              {t("mask.forget")}
            </Button>
          )}
          <span className="ml-auto" />
          <Button onClick={onClose}>{t("ui.cancel")}</Button>
          <Button variant="primary" disabled={!countsAnything(painting.pixels)} onClick={() => close(packMask(painting.pixels))}>
            {t("mask.save")}
          </Button>
        </>
      }
    >
      {/* Keys of the brush work wherever the focus is inside the dialog. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div onKeyDown={onKeyDown} className="grid gap-3 p-4">
        <div className="flex flex-wrap items-center gap-3">
          <SegmentedControl
            label={t("mask.brush")}
            value={tool}
            onChange={setTool}
            options={tools.map((value) => ({ value, label: t(`mask.tools.${value}`) }))}
          />
          <span className="text-fg-3">{t("mask.size")}</span>
          <span className="flex w-36">
            <Slider label={t("mask.size")} value={percent} min={smallest} max={largest} onChange={setPercent} valueText={`${percent} %`} />
          </span>
          <Button icon={Undo2} disabled={!painting.canUndo} onClick={painting.undo}>
            {t("ui.undo")}
          </Button>
          <Button disabled={estimate.data === undefined} onClick={() => estimate.data && painting.put(unpackMask(estimate.data.mask))}>
            {t("mask.reset")}
          </Button>
        </div>
        <Canvas {...{ assetId, name, painting }} brush={{ radius: percent / 200, adds: tool === "add" }} />
        <p className="m-0 text-2xs text-fg-3">{t("mask.keys")}</p>
      </div>
    </Dialog>
  );
}

interface Painting {
  readonly pixels: MaskPixels;
  readonly canUndo: boolean;
  /** Remembers how it was, for Undo. */
  put(next: MaskPixels): void;
  /** Goes on with the step that was put last. */
  goOn(next: MaskPixels): void;
  undo(): void;
}

function usePainting(start: MaskPixels): Painting {
  const [steps, setSteps] = useState<readonly MaskPixels[]>([start]);
  return {
    pixels: steps.at(-1) ?? start,
    canUndo: steps.length > 1,
    put: (next) => setSteps((known) => [...known, next]),
    goOn: (next) => setSteps((known) => [...known.slice(0, -1), next]),
    undo: () => setSteps((known) => (known.length > 1 ? known.slice(0, -1) : known)),
  };
}

interface CanvasProps {
  readonly assetId: AssetId;
  readonly name: string;
  readonly painting: Painting;
  readonly brush: { readonly radius: number; readonly adds: boolean };
}

/** The picture under its mask. A stroke of the pointer is one step; with the keyboard the brush is moved by arrows and Space paints. */
function Canvas({ assetId, name, painting, brush }: CanvasProps): ReactNode {
  const { t } = useTranslation();
  const last = useRef<MaskPlace | null>(null);
  const [cursor, setCursor] = useState<MaskPlace | null>(null);
  const { pixels, put, goOn } = painting;
  const { width, height } = pixels;

  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const place = placeOf(event);
    last.current = place;
    setCursor(null);
    put(painted(pixels, [place, place], brush));
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (last.current === null) return;
    const place = placeOf(event);
    goOn(painted(pixels, [last.current, place], brush));
    last.current = place;
  };
  const onPointerUp = (): void => {
    last.current = null;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = arrowSteps[event.key];
    const at = cursor ?? middle;
    if (step !== undefined) setCursor({ x: clamped(at.x + keyStep * step[0]), y: clamped(at.y + keyStep * step[1]) });
    else if (event.key === " ") put(painted(pixels, [at, at], brush));
    else return;
    event.preventDefault();
  };
  return (
    <div
      role="application"
      tabIndex={0}
      aria-label={t("mask.canvas", { name })}
      {...{ onPointerDown, onPointerMove, onPointerUp, onKeyDown }}
      onPointerCancel={onPointerUp}
      className="relative mx-auto max-w-full cursor-crosshair touch-none overflow-hidden select-none"
      style={{ aspectRatio: `${width} / ${height}`, width: `min(100%, calc((100vh - 340px) * ${width / height}))` }}
    >
      <Artwork src={pictureUrl(assetId)} alt={name} fit="fill" className="absolute inset-0" />
      <MaskCanvas pixels={pixels} label={t("mask.overlayOf", { name })} />
      {cursor !== null && (
        <span
          aria-hidden
          className="pointer-events-none absolute rounded-full border-2 border-mark outline outline-black"
          style={{
            left: `${100 * cursor.x}%`,
            top: `${100 * cursor.y}%`,
            width: `${200 * brush.radius * Math.max(1, height / width)}%`,
            aspectRatio: 1,
            transform: "translate(-50%, -50%)",
          }}
        />
      )}
    </div>
  );
}

const arrowSteps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const clamped = (share: number): number => Math.min(1, Math.max(0, share));

function placeOf(event: PointerEvent<HTMLElement>): MaskPlace {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: clamped((event.clientX - box.left) / box.width), y: clamped((event.clientY - box.top) / box.height) };
}
