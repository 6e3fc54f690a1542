/** @file Scores of what belongs together and of what does not over one axis, and the two handles that part accepted, undecided and rejected. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo, useRef } from "react";
import { densityPath } from "#shared/lib/density-path";
import { binCounts, normalizedToPeak, smoothCounts } from "#shared/lib/histogram";
import { useElementSize } from "../lib/use-element-size";
import { NumberField } from "../ui/number-field";
import { cn } from "../lib/class-names";
import { type HandleName, type HandlePair, keyTarget, movedPair, nearerHandle, valueAt } from "./handle-moves";
import { ScoreAxis } from "./score-axis";
import { type ValueRange, positionIn } from "./scales";

export interface TwoHistogramsProps {
  /** Drawn light: scores of what belongs together. */
  readonly genuine: readonly number[];
  /** Drawn dark: scores of what does not. */
  readonly impostors: readonly number[];
  /** Drawn as ticks on the axis. */
  readonly ticks: readonly number[];
  readonly range: ValueRange;
  /** null: nothing to part by, no handles. */
  readonly pair: HandlePair | null;
  readonly onChange: (pair: HandlePair) => void;
  /** Called when a handle is let go, and after each key and each number. */
  readonly onCommit: () => void;
  readonly words: {
    readonly low: string;
    readonly high: string;
    /** All three lists in a sentence. */
    readonly description: string;
  };
}

const bins = 120;
const plotHeight = 108;
const baseline = plotHeight - 22;

/** The plot with its two sliders. Arrow keys move a handle by 0.01, with Shift by 0.001; each has a number field beside it. */
export function TwoHistograms({ genuine, impostors, ticks, range, pair, onChange, onCommit, words }: TwoHistogramsProps): ReactNode {
  const [ref, { width }] = useElementSize<HTMLDivElement>();
  const held = useRef<HandleName | null>(null);
  const valueUnder = (event: PointerEvent<HTMLDivElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return valueAt((event.clientX - box.left) / box.width, range);
  };
  const follow = (event: PointerEvent<HTMLDivElement>): void => {
    if (pair === null || held.current === null) return;
    onChange(movedPair(pair, held.current, valueUnder(event)));
  };
  const letGo = (): void => {
    if (held.current === null) return;
    held.current = null;
    onCommit();
  };
  const x = (value: number): number => positionIn(value, range) * width;
  return (
    <div
      ref={ref}
      className="relative min-w-0 touch-none"
      style={{ height: plotHeight }}
      onPointerDown={(event) => {
        if (pair === null || event.target instanceof HTMLInputElement) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        held.current = nearerHandle(pair, valueUnder(event));
        follow(event);
      }}
      onPointerMove={follow}
      onPointerUp={letGo}
      onPointerCancel={letGo}
    >
      {width > 0 && (
        <svg width={width} height={plotHeight} role="img" aria-label={words.description} className="block overflow-visible">
          {pair !== null && (
            <>
              <rect x={0} width={x(pair.low)} y={4} height={baseline - 4} className="fill-reject-fill" />
              <rect x={x(pair.high)} width={width - x(pair.high)} y={4} height={baseline - 4} className="fill-accept-fill" />
            </>
          )}
          <Curves genuine={genuine} impostors={impostors} range={range} width={width} />
          <line x1="0" x2={width} y1={baseline + 0.5} y2={baseline + 0.5} className="stroke-line-strong" />
          <Ticks values={ticks} range={range} width={width} />
          <ScoreAxis range={range} width={width} y={plotHeight - 1} />
        </svg>
      )}
      {pair !== null &&
        width > 0 &&
        (["low", "high"] as const).map((name) => (
          <Handle key={name} {...{ name, pair, range, onChange, onCommit }} label={words[name]} left={x(pair[name])} width={width} />
        ))}
    </div>
  );
}

interface PlotProps {
  readonly range: ValueRange;
  readonly width: number;
}

function Curves({ genuine, impostors, range, width }: PlotProps & Pick<TwoHistogramsProps, "genuine" | "impostors">): ReactNode {
  const dark = useMemo(() => densityOf(impostors, range), [impostors, range]);
  const light = useMemo(() => densityOf(genuine, range), [genuine, range]);
  const size = { width, height: baseline };
  return (
    <>
      <path d={`${densityPath(dark, size, 0.84)}Z`} className="fill-control-press" />
      <path d={`${densityPath(light, size, 0.84)}Z`} className="fill-fg-2 opacity-85" />
    </>
  );
}

function densityOf(values: readonly number[], range: ValueRange): Float64Array {
  return normalizedToPeak(smoothCounts(binCounts(values, range, bins), 2));
}

function Ticks({ values, range, width }: PlotProps & { readonly values: readonly number[] }): ReactNode {
  // One path, for a thousand candidates are a thousand ticks.
  const path = useMemo(
    () => values.map((value) => `M${(positionIn(value, range) * width).toFixed(1)} ${baseline + 1}v6`).join(""),
    [values, range, width],
  );
  return <path d={path} className="stroke-fg-1 opacity-80" />;
}

interface HandleProps extends Pick<TwoHistogramsProps, "range" | "onChange" | "onCommit"> {
  readonly name: HandleName;
  readonly pair: HandlePair;
  readonly label: string;
  /** Where the handle stands, in pixels. */
  readonly left: number;
  readonly width: number;
}

/** About what a label with its field takes, in pixels. */
const labelRoom = 136;

function Handle({ name, pair, label, left, width, range, onChange, onCommit }: HandleProps): ReactNode {
  const value = pair[name];
  const bounds = name === "low" ? { min: range.min, max: pair.high } : { min: pair.low, max: range.max };
  const put = (next: number): void => {
    onChange(movedPair(pair, name, next));
    onCommit();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = keyTarget(event, value, bounds);
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    put(target);
  };
  // The lower one is named to its left and the upper one to its right, so that the names never meet; inside the plot in either case.
  const isLeft = name === "low" ? left > labelRoom : left > width - labelRoom;
  return (
    <div className="pointer-events-none absolute top-0" style={{ left, height: baseline }}>
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={bounds.min}
        aria-valuemax={bounds.max}
        aria-valuenow={value}
        aria-valuetext={value.toFixed(3)}
        onKeyDown={onKeyDown}
        className="pointer-events-auto absolute inset-y-0 flex w-6 -translate-x-1/2 cursor-ew-resize justify-center"
      >
        <span className="h-full w-0.5 bg-fg-1" />
        <span className="absolute top-0 h-3 w-2.5 rounded-xs bg-fg-1" />
      </div>
      <div
        className={cn(
          "pointer-events-auto absolute top-px flex items-center gap-1 text-2xs whitespace-nowrap text-fg-1",
          isLeft ? "right-2.5" : "left-2.5",
          // Two names on the same side: the upper one's goes below the lower one's.
          name === "high" && isLeft && "top-7",
          name === "low" && !isLeft && "top-7",
        )}
      >
        {label}
        <NumberField
          label={label}
          value={value}
          min={bounds.min}
          max={bounds.max}
          step={0.01}
          decimals={3}
          onChange={put}
          className="h-5 w-12 px-1 text-2xs"
        />
      </div>
    </div>
  );
}
