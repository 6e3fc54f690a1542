/** @file Not-a-number and infinity never leave a stage unnoticed: damaged weights load without complaint and give nothing else. */
import { appError } from "#shared/domain/app-error";

/** Throws weights/not-finite naming `what` when a number is NaN or infinite. */
export function assertFinite(what: string, values: Float32Array): void {
  // A sum is finite only if every number is, unless it overflows; so the slow look is rare.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  if (Number.isFinite(sum)) return;
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw appError("weights/not-finite", `${what} holds ${values[at]} at place ${at}, not a number a score can be made of.`, {
    hint: "The weight file is probably damaged; download it again, or use its float32 version.",
  });
}
