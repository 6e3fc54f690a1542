/** @file Curves start and end on the base line, and flanks embrace the peak. */
import { describe, expect, it } from "vitest";
import { densityPath, flanks, highestIn } from "./density-path";

describe("density path", () => {
  it("starts and ends on the base line and reaches the top at the peak", () => {
    expect(densityPath([0, 1], { width: 100, height: 50 })).toBe("M0 50L25.0 50.0L75.0 0.0L100 50");
    expect(densityPath([1], { width: 10, height: 50 }, 0.5)).toContain("5.0 25.0");
    expect(densityPath([], { width: 10, height: 50 })).toBe("");
  });

  it("finds where the peak falls off", () => {
    expect(flanks([0, 0, 1, 0.6, 0.2, 0], 0.5)).toEqual({ left: 1 / 6, right: 5 / 6 });
    expect(flanks([0, 0], 0.5)).toBeNull();
  });

  it("sees the highest value in a part", () => {
    expect(highestIn([0.1, 0.9, 0.3, 0.2], { from: 0.5, to: 0.75 })).toBe(0.3);
    expect(highestIn([], { from: 0, to: 1 })).toBe(0);
  });
});
