/** @file Two distributions of scores over one axis, and a handle that cuts them. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo } from "react";
import { densityPath, flanks, highestIn } from "#shared/lib/density-path";
import { binCounts, normalizedToPeak, smoothCounts } from "#shared/lib/histogram";
import { useElementSize } from "../lib/use-element-size";
import { keyTarget, valueAt } from "./handle-moves";
import { ScoreAxis } from "./score-axis";
import { type ValueRange, positionIn } from "./scales";

export interface ScoreHistogramProps {
  /** The yardstick, drawn as an area. */
  readonly background: readonly number[];
  /** What is looked at, drawn as a line. */
  readonly foreground: readonly number[];
  readonly range: ValueRange;
  /** null: no cut-off, no handle. */
  readonly cutoff: number | null;
  readonly suggested: number | null;
  readonly onChange: (cutoff: number) => void;
  /** Called when the handle is let go. */
  readonly onCommit: () => void;
  readonly words: {
    readonly background: string;
    readonly foreground: string;
    readonly cutoff: string;
    /** Both distributions in a sentence. */
    readonly description: string;
    readonly valueText: string;
  };
}

const bins = 96;
const plotHeight = 66;
const axisHeight = 16;
const baseline = plotHeight - axisHeight;
/** The line is drawn lower than the area: its mass is a few hundred results, the area's is the whole library. */
const foregroundShare = 0.6;

/** The histogram with its slider. Arrow keys move by 0.01, with Shift by 0.001. */
export function ScoreHistogram(props: ScoreHistogramProps): ReactNode {
  const { background, foreground, range, cutoff, suggested, onChange, onCommit, words } = props;
  const [ref, { width }] = useElementSize<HTMLDivElement>();
  const area = useMemo(() => densityOf(background, range), [background, range]);
  const line = useMemo(() => densityOf(foreground, range), [foreground, range]);
  const x = (value: number): number => positionIn(value, range) * width;

  const follow = (event: PointerEvent<HTMLDivElement>): void => {
    if (cutoff === null || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = event.currentTarget.getBoundingClientRect();
    onChange(valueAt((event.clientX - box.left) / box.width, range));
  };

  return (
    <div
      ref={ref}
      className="relative h-[66px] min-w-0 flex-1 touch-none"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        follow(event);
      }}
      onPointerMove={follow}
      onPointerUp={onCommit}
      onPointerCancel={onCommit}
    >
      {width > 0 && (
        <svg width={width} height={plotHeight} role="img" aria-label={words.description} className="block overflow-visible">
          <path d={`${densityPath(area, { width, height: baseline })}Z`} className="fill-control" />
          <path d={densityPath(line, { width, height: baseline }, foregroundShare)} className="fill-none stroke-fg-1" strokeWidth="1.5" />
          <line x1="0" x2={width} y1={baseline + 0.5} y2={baseline + 0.5} className="stroke-line-strong" />
          <ScoreAxis range={range} width={width} y={plotHeight - 2} />
          <CurveLabels area={area} line={line} width={width} handle={cutoff === null ? null : x(cutoff)} words={words} />
          {suggested !== null && <line x1={x(suggested)} x2={x(suggested)} y1={baseline - 8} y2={baseline} className="stroke-fg-3" />}
        </svg>
      )}
      {cutoff !== null && width > 0 && <Handle {...{ cutoff, range, onChange, onCommit, words }} left={x(cutoff)} />}
    </div>
  );
}

function densityOf(values: readonly number[], range: ValueRange): Float64Array {
  return normalizedToPeak(smoothCounts(binCounts(values, range, bins), 1.6));
}

interface CurveLabelsProps {
  readonly area: Float64Array;
  readonly line: Float64Array;
  readonly width: number;
  /** Where the handle stands, in pixels. */
  readonly handle: number | null;
  readonly words: ScoreHistogramProps["words"];
}

/** About the width of a label in pixels. */
const labelRoom = 76;

/** Moves a label to the left of the handle where the two would overlap. */
function startBeside(start: number, handle: number | null): number {
  const isClear = handle === null || handle < start - 8 || handle > start + labelRoom;
  return isClear ? start : Math.max(0, handle - labelRoom - 8);
}

/** Names above the curves: the area's ends at its left flank, the line's begins at its right one; at the edge of the plot they stay inside it. */
function CurveLabels({ area, line, width, handle, words }: CurveLabelsProps): ReactNode {
  const left = flanks(area, 0.5)?.left;
  const right = flanks(line, 0.5)?.right;
  const yOver = (start: number): number => {
    const part = { from: start / width, to: (start + labelRoom) / width };
    const top = Math.max(highestIn(area, part), highestIn(line, part) * foregroundShare);
    return Math.max(10, baseline - top * baseline - 5);
  };
  const areaStart = left === undefined ? 0 : Math.max(0, left * width - labelRoom - 4);
  const lineStart = right === undefined ? 0 : startBeside(Math.min(width - labelRoom, right * width + 4), handle);
  return (
    <>
      {left !== undefined && (
        <text x={areaStart} y={yOver(areaStart)} className="fill-fg-3 text-2xs">
          {words.background}
        </text>
      )}
      {right !== undefined && (
        <text x={lineStart} y={yOver(lineStart)} className="fill-fg-3 text-2xs">
          {words.foreground}
        </text>
      )}
    </>
  );
}

type HandleProps = Pick<ScoreHistogramProps, "range" | "onChange" | "onCommit" | "words"> & {
  readonly cutoff: number;
  readonly left: number;
};

function Handle({ cutoff, left, range, onChange, onCommit, words }: HandleProps): ReactNode {
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = keyTarget(event, cutoff, range);
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(target);
    onCommit();
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={words.cutoff}
      aria-valuemin={range.min}
      aria-valuemax={range.max}
      aria-valuenow={cutoff}
      aria-valuetext={words.valueText}
      onKeyDown={onKeyDown}
      className="absolute top-0 flex w-6 -translate-x-1/2 cursor-ew-resize justify-center"
      style={{ left, height: baseline }}
    >
      <span className="h-full w-0.5 bg-fg-1" />
      <span className="absolute top-0 h-3 w-2.5 rounded-xs bg-fg-1" />
    </div>
  );
}
