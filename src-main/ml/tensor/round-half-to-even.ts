/** @file The rounding of Python and numpy. */

/** The nearest whole number; of two equally near ones the even. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}
