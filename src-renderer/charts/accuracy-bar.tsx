/** @file A share with its interval as a bar on a scale that several bars have in common. */
import type { ReactNode } from "react";

const height = 26;
const middle = height / 2;

export interface ShareScale {
  /** Where the scale begins, in [0, 1); it ends at 1. */
  readonly from: number;
  /** Lines across the bars. */
  readonly ticks: readonly number[];
}

/** From a coin flip up, unless a share lies below one. */
export function shareScale(lowest: number): ShareScale {
  return lowest < 0.5 ? { from: 0, ticks: [0, 0.25, 0.5, 0.75, 1] } : { from: 0.5, ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1] };
}

function placeOf(share: number, { from }: ShareScale): string {
  return `${(100 * (share - from)) / (1 - from)}%`;
}

export interface AccuracyBarProps {
  readonly share: number;
  readonly interval: readonly [low: number, high: number];
  readonly scale: ShareScale;
  /** A colour of the stylesheet; the row's words name the metric. */
  readonly colour: string;
  /** The numbers in words. */
  readonly label: string;
}

/** A bar with a dot at the share and a thin line over the interval. */
export function AccuracyBar({ share, interval: [low, high], scale, colour, label }: AccuracyBarProps): ReactNode {
  const x = (value: number): string => placeOf(value, scale);
  return (
    <svg role="img" aria-label={label} width="100%" height={height} className="block overflow-visible">
      {scale.ticks.slice(1, -1).map((tick) => (
        <line key={tick} x1={x(tick)} x2={x(tick)} y1={0} y2={height} stroke="var(--line)" />
      ))}
      <rect x={0} y={middle - 3} width={x(share)} height={6} fill="var(--control-press)" />
      <g stroke="var(--fg-1)" strokeWidth={1.5}>
        <line x1={x(low)} x2={x(high)} y1={middle} y2={middle} />
        {[low, high].map((end) => (
          <line key={end} x1={x(end)} x2={x(end)} y1={middle - 4} y2={middle + 4} />
        ))}
      </g>
      <circle cx={x(share)} cy={middle} r={4} fill={colour} />
    </svg>
  );
}

/** The numbers of the scale, above the bars. */
export function ShareAxis({ scale }: { readonly scale: ShareScale }): ReactNode {
  const last = scale.ticks.length - 1;
  return (
    <svg aria-hidden width="100%" height={14} className="block overflow-visible fill-current text-2xs">
      {scale.ticks.map((tick, index) => (
        <text key={tick} x={placeOf(tick, scale)} y={11} textAnchor={index === 0 ? "start" : index === last ? "end" : "middle"}>
          {Math.round(100 * tick)}
        </text>
      ))}
    </svg>
  );
}
