/** @file Scores by a value: the mean of each group with its interval, its single scores behind it, and the cut-off across. A group can be chosen. */
import { type KeyboardEvent, type ReactNode, useMemo } from "react";
import { useElementSize } from "../lib/use-element-size";
import { type ValueRange, positionIn, rangeOf, ticksOf, widenTo } from "./scales";

export interface PlottedGroup {
  readonly key: string;
  /** Below the axis. */
  readonly label: string;
  readonly mean: number;
  /** null where one score says nothing about the spread. */
  readonly interval: readonly [low: number, high: number] | null;
  readonly scores: readonly number[];
  /** The group in words. */
  readonly description: string;
}

export interface GroupPlotProps {
  /** In the order of the axis. */
  readonly groups: readonly PlottedGroup[];
  /** Whether the means are points of one line. */
  readonly isOrdered: boolean;
  /** null: no line across. */
  readonly cutoff: number | null;
  /** The key of the chosen group. */
  readonly chosen: string | null;
  /** null when the chosen group is let go. */
  readonly onChoose: (key: string | null) => void;
  readonly label: string;
}

const height = 142;
const top = 6;
const baseline = height - 20;
const axisRoom = 30;
/** Room for a label of the axis, and for each letter beyond four. Pixels. */
const labelRoom = { least: 30, letter: 6 } as const;

/** Groups stand side by side at equal distances. Arrow keys go from one to the next; Enter or a click chooses. */
export function GroupPlot({ groups, isOrdered, cutoff, chosen, onChoose, label }: GroupPlotProps): ReactNode {
  const [ref, { width }] = useElementSize<HTMLDivElement>();
  const range = useMemo(() => rangeOfGroups(groups, cutoff), [groups, cutoff]);
  const step = (width - axisRoom) / groups.length;
  const x = (index: number): number => axisRoom + (index + 0.5) * step;
  const y = (value: number): number => baseline - positionIn(value, range) * (baseline - top);
  const active = Math.max(
    0,
    groups.findIndex(({ key }) => key === chosen),
  );
  return (
    <div ref={ref} role="group" aria-label={label} className="relative" style={{ height }}>
      {width > 0 && (
        <>
          <svg width={width} height={height} aria-hidden className="block overflow-visible">
            <Axis range={range} width={width} y={y} />
            {cutoff !== null && (
              <line x1={axisRoom} x2={width} y1={y(cutoff)} y2={y(cutoff)} strokeDasharray="3 3" className="stroke-accept" />
            )}
            {groups.map((group, index) => (
              <Spread key={group.key} group={group} x={x(index)} y={y} step={step} isDimmed={chosen !== null && chosen !== group.key} />
            ))}
            {isOrdered && (
              <path
                d={groups.map(({ mean }, index) => `${index === 0 ? "M" : "L"}${x(index).toFixed(1)} ${y(mean).toFixed(1)}`).join("")}
                className="fill-none stroke-fg-1"
                strokeWidth="1.5"
              />
            )}
            {groups.map(({ key, mean }, index) => (
              <circle key={key} cx={x(index)} cy={y(mean)} r="3.5" className="fill-fg-1" />
            ))}
            <Labels groups={groups} x={x} step={step} />
          </svg>
          {groups.map(({ key, description }, index) => (
            <button
              key={key}
              type="button"
              aria-pressed={key === chosen}
              aria-label={description}
              title={description}
              tabIndex={index === active ? 0 : -1}
              onKeyDown={moveFocus}
              onClick={() => onChoose(key === chosen ? null : key)}
              className="absolute top-0 bottom-0 rounded-sm border-0 bg-transparent p-0 hover:bg-hover-fill aria-pressed:bg-select-fill"
              style={{ left: x(index) - step / 2, width: step }}
            />
          ))}
        </>
      )}
    </div>
  );
}

/** Left and right go to the group beside. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const { currentTarget: button, key } = event;
  const beside = { ArrowRight: button.nextElementSibling, ArrowLeft: button.previousElementSibling }[key];
  if (beside === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (beside instanceof HTMLButtonElement) beside.focus();
}

function rangeOfGroups(groups: readonly PlottedGroup[], cutoff: number | null): ValueRange {
  const shown = groups.flatMap(({ scores }) => scores);
  const { min, max } = rangeOf(cutoff === null ? shown : [...shown, cutoff]);
  const margin = (max - min) * 0.05;
  return widenTo({ min: min - margin, max: max + margin }, max - min > 0.4 ? 0.1 : 0.05);
}

function Axis({
  range,
  width,
  y,
}: {
  readonly range: ValueRange;
  readonly width: number;
  readonly y: (value: number) => number;
}): ReactNode {
  const ticks = ticksOf(range, 4);
  const decimals = (ticks[1] ?? 1) - (ticks[0] ?? 0) < 0.095 ? 2 : 1;
  return ticks.map((tick) => (
    <g key={tick}>
      <line x1={axisRoom} x2={width} y1={y(tick)} y2={y(tick)} className="stroke-line" />
      <text x={axisRoom - 6} y={y(tick) + 4} textAnchor="end" className="fill-fg-3 text-2xs">
        {tick.toFixed(decimals)}
      </text>
    </g>
  ));
}

interface SpreadProps {
  readonly group: PlottedGroup;
  readonly x: number;
  readonly y: (value: number) => number;
  readonly step: number;
  readonly isDimmed: boolean;
}

/** Single scores, moved aside a little so that equal ones are seen, and the interval of their mean, which may go beyond the plot. */
function Spread({ group: { scores, interval }, x, y, step, isDimmed }: SpreadProps): ReactNode {
  const aside = Math.min(4, step / 5);
  const clipped = (value: number): number => Math.min(baseline, Math.max(top, y(value)));
  // Dots of one path, for a thousand scores are a thousand dots.
  const dots = scores.map((score, index) => `M${(x + (((index * 7) % 9) / 4 - 1) * aside).toFixed(1)} ${y(score).toFixed(1)}h0`).join("");
  return (
    <g opacity={isDimmed ? 0.4 : 1}>
      <path d={dots} className="stroke-fg-3 opacity-70" strokeWidth="5" strokeLinecap="round" />
      {interval !== null && <line x1={x} x2={x} y1={clipped(interval[0])} y2={clipped(interval[1])} className="stroke-fg-2" />}
    </g>
  );
}

interface LabelsProps extends Pick<GroupPlotProps, "groups"> {
  readonly x: (index: number) => number;
  readonly step: number;
}

/** As many labels as there is room for, the first always. */
function Labels({ groups, x, step }: LabelsProps): ReactNode {
  const longest = Math.max(...groups.map(({ label }) => label.length));
  const shown = Math.min(longest, Math.max(4, Math.floor(step / labelRoom.letter)));
  const every = Math.max(1, Math.ceil((labelRoom.least + Math.max(0, shown - 4) * labelRoom.letter) / step));
  return groups.map(({ key, label }, index) =>
    index % every === 0 ? (
      <text key={key} x={x(index)} y={height - 4} textAnchor="middle" className="fill-fg-3 text-2xs">
        {label.length > shown ? `${label.slice(0, shown - 1)}…` : label}
      </text>
    ) : null,
  );
}
