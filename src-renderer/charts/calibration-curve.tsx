/** @file How sure something was against how often it was right: on the diagonal the two are the same. */
import type { ReactNode } from "react";

/** Pixels. */
const side = 208;
const left = 30;
const bottom = 30;
const widest = 5;
const from = 0.5;

/** Choices of about the same sureness, all in [0, 1]. */
export interface CalibrationPoint {
  readonly sureness: number;
  readonly right: number;
  readonly interval: readonly [low: number, high: number];
  readonly count: number;
}

export interface CalibrationCurveProps {
  readonly points: readonly CalibrationPoint[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** The curve in words; a table beside it has the numbers. */
  readonly label: string;
}

const x = (sureness: number): number => left + (side * (sureness - from)) / (1 - from);
const y = (right: number): number => side * (1 - right);

/** Dots as wide as their share of the choices, thin lines over the intervals, the diagonal dashed. */
export function CalibrationCurve({ points, xLabel, yLabel, label }: CalibrationCurveProps): ReactNode {
  const most = Math.max(1, ...points.map(({ count }) => count));
  return (
    <svg
      role="img"
      aria-label={label}
      width={left + side + 8}
      height={side + bottom + 6}
      viewBox={`0 -6 ${left + side + 8} ${side + bottom + 6}`}
      className="shrink-0 fill-fg-3 text-2xs"
    >
      <rect x={left} y={0} width={side} height={side} fill="var(--well)" />
      {[0.25, 0.5, 0.75].map((share) => (
        <line key={share} x1={left} x2={left + side} y1={y(share)} y2={y(share)} stroke="var(--line)" />
      ))}
      <line x1={x(0.5)} y1={y(0.5)} x2={x(1)} y2={y(1)} stroke="var(--fg-3)" strokeDasharray="3 3" />
      {[0, 0.5, 1].map((share) => (
        <text key={share} x={left - 5} y={y(share) + 4} textAnchor="end">
          {100 * share}
        </text>
      ))}
      {[0.5, 0.75, 1].map((share) => (
        <text key={share} x={x(share)} y={side + 13} textAnchor={share === 0.5 ? "start" : share === 1 ? "end" : "middle"}>
          {100 * share}
        </text>
      ))}
      <text x={left + side / 2} y={side + 26} textAnchor="middle">
        {xLabel}
      </text>
      <text transform={`translate(9 ${side / 2}) rotate(-90)`} textAnchor="middle">
        {yLabel}
      </text>
      <polyline fill="none" stroke="var(--fg-2)" points={points.map(({ sureness, right }) => `${x(sureness)},${y(right)}`).join(" ")} />
      {[...points.entries()].map(
        ([
          place,
          {
            sureness,
            right,
            interval: [low, high],
            count,
          },
        ]) => (
          <g key={place} stroke="var(--fg-1)">
            <line x1={x(sureness)} x2={x(sureness)} y1={y(low)} y2={y(high)} />
            <circle cx={x(sureness)} cy={y(right)} r={2 + (widest - 2) * Math.sqrt(count / most)} fill="var(--fg-1)" />
          </g>
        ),
      )}
    </svg>
  );
}
