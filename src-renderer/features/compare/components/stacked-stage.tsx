/** @file Both pictures in one place: divided by a slider, or shown in turn. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import { useMediaQuery } from "../../../lib/preferences";
import { useElementSize } from "../../../lib/use-element-size";
import { Button } from "../../../ui/button";
import { flipFlicker, useCompare } from "../compare-state";
import type { PaneSide } from "../tile";
import type { CompareModel } from "../use-compare-view";
import { fittedSize } from "../viewport";
import { PictureLayer } from "./picture-layer";

export interface StackedStageProps {
  readonly a: AssetId;
  readonly b: AssetId;
  readonly model: CompareModel;
  readonly layout: "slider" | "flicker";
}

/** Never faster than two changes a second. */
const flickerMs = 700;

/** Each picture is fitted into the same frame, A's frame being the measure. */
export function StackedStage({ a, b, model, layout }: StackedStageProps): ReactNode {
  const [ref, holder] = useElementSize<HTMLDivElement>();
  const { pictures } = model;
  const frame = pictures.a === null ? null : fittedSize(pictures.a, holder);
  return (
    <div ref={ref} className="relative grid min-h-0 flex-1 place-items-center">
      {frame !== null && pictures.b !== null && frame.width > 0 && (
        <div className="relative" style={frame}>
          {layout === "slider" ? <SliderFrame {...{ a, b, model, frame }} /> : <FlickerFrame {...{ a, b, model, frame }} />}
        </div>
      )}
    </div>
  );
}

interface FrameProps extends Omit<StackedStageProps, "layout"> {
  readonly frame: { readonly width: number; readonly height: number };
}

/** A picture in the middle of the common frame. */
function Framed({
  side,
  id,
  model,
  frame,
}: {
  readonly side: PaneSide;
  readonly id: AssetId;
  readonly model: CompareModel;
  readonly frame: FrameProps["frame"];
}): ReactNode {
  const { t } = useTranslation();
  const picture = model.pictures[side];
  if (picture === null) return null;
  const size = fittedSize(picture, frame);
  return (
    <div
      className="absolute overflow-hidden"
      style={{ ...size, left: (frame.width - size.width) / 2, top: (frame.height - size.height) / 2 }}
    >
      <PictureLayer
        side={side}
        assetId={id}
        name={picture.name ?? t("compare.outsidePicture")}
        size={size}
        area={model.areas[side]}
        maps={model.maps}
        mask={model.masks[side]}
        matches={model.matches}
        matchGrid={model.view === "matches" ? (model.pair?.[side]?.grid ?? null) : null}
      />
    </div>
  );
}

function SliderFrame({ a, b, model, frame }: FrameProps): ReactNode {
  const { t } = useTranslation();
  const divider = useCompare((state) => state.divider);
  const set = (next: number): void => useCompare.setState({ divider: Math.min(1, Math.max(0, next)) });
  const follow = (event: PointerEvent<HTMLElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = event.currentTarget.getBoundingClientRect();
    set((event.clientX - box.left) / box.width);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    set(divider + by);
  };
  return (
    <div
      className="absolute inset-0 touch-none overflow-hidden"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        follow(event);
      }}
      onPointerMove={follow}
    >
      <div className="absolute inset-0" style={{ clipPath: `inset(0 ${(1 - divider) * 100}% 0 0)` }}>
        <Framed side="a" id={a} model={model} frame={frame} />
      </div>
      <div className="absolute inset-0" style={{ clipPath: `inset(0 0 0 ${divider * 100}%)` }}>
        <Framed side="b" id={b} model={model} frame={frame} />
      </div>
      <div
        role="slider"
        tabIndex={0}
        aria-label={t("compare.divider")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(divider * 100)}
        onKeyDown={onKeyDown}
        className="absolute inset-y-0 flex w-6 -translate-x-1/2 cursor-ew-resize justify-center"
        style={{ left: `${divider * 100}%` }}
      >
        <span className="h-full w-0.5 bg-white shadow-[0_0_0_1px_#000]" />
      </div>
      <Letter side="a" className="left-2" />
      <Letter side="b" className="right-2" />
    </div>
  );
}

function FlickerFrame({ a, b, model, frame }: FrameProps): ReactNode {
  const { t } = useTranslation();
  const side = useCompare((state) => state.flickerSide);
  const isCalm = useMediaQuery("(prefers-reduced-motion: reduce)");
  useEffect(() => {
    if (isCalm) return;
    const timer = setInterval(flipFlicker, flickerMs);
    return () => clearInterval(timer);
  }, [isCalm]);
  return (
    <div className="absolute inset-0 overflow-hidden">
      {(["a", "b"] as const).map((each) => (
        <div key={each} className={each === side ? "absolute inset-0" : "invisible absolute inset-0"}>
          <Framed side={each} id={each === "a" ? a : b} model={model} frame={frame} />
        </div>
      ))}
      <Letter side={side} className="left-2" />
      {isCalm && (
        <Button className="absolute bottom-2 left-2" onClick={flipFlicker}>
          {t("compare.flip")}
        </Button>
      )}
    </div>
  );
}

function Letter({ side, className }: { readonly side: PaneSide; readonly className: string }): ReactNode {
  return (
    <span
      className={`absolute top-2 grid size-[18px] place-items-center rounded-sm bg-black/75 text-2xs font-semibold text-white ${className}`}
    >
      {side.toUpperCase()}
    </span>
  );
}
