import fc from "fast-check";
import { expect, test } from "vitest";
import { createProgress } from "./progress";

test("law: progress never falls, its total is constant, and it ends at its total", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5)), fc.nat(50), (steps, extra) => {
      const progress = createProgress(() => undefined);
      const total = steps.reduce((sum, step) => sum + step, 0) + extra;
      progress.setTotal(total);
      let before = 0;
      for (const step of steps) {
        progress.advance(step);
        const { done, total: shown } = progress.snapshot();
        expect(done).toBeGreaterThanOrEqual(before);
        expect(shown).toBe(total);
        before = done;
      }
      progress.finish();
      expect(progress.snapshot()).toMatchObject({ done: total, total, etaSeconds: 0 });
    }),
  );
});

test("the rate and the time left come from the last seconds", () => {
  let clock = 0;
  const progress = createProgress(
    () => undefined,
    () => clock,
  );
  progress.setTotal(100);
  for (let image = 0; image < 20; image += 1) {
    clock += 500;
    progress.advance();
  }
  expect(progress.snapshot()).toEqual({ done: 20, total: 100, imagesPerSecond: 2, etaSeconds: 40 });
});

test("a second, different total is a fault of the program", () => {
  const progress = createProgress(() => undefined);
  progress.setTotal(3);
  expect(() => progress.setTotal(4)).toThrow(/constant/);
});
