/** @file The covered part is a centred square of pixels, or everything. */
import { describe, expect, it } from "vitest";
import { gridArea } from "./grid-area";

describe("grid area", () => {
  const picture = { width: 400, height: 200 };

  it("is the whole picture where the model squashes", () => {
    for (const family of ["stable-diffusion", "stable-diffusion-xl", "starter"])
      expect(gridArea({ family }, picture)).toEqual({ x: 0, y: 0, width: 1, height: 1 });
  });

  it("is a centred square where the model crops", () => {
    expect(gridArea({ family: "clip" }, picture)).toEqual({ x: 0.25, y: 0, width: 0.5, height: 1 });
    expect(gridArea({ family: "dinov2" }, picture)).toEqual({ x: 0.28125, y: 0.0625, width: 0.4375, height: 0.875 });
    expect(gridArea({ family: "clip" }, { width: 200, height: 400 })).toEqual({ x: 0, y: 0.25, width: 1, height: 0.5 });
  });
});
