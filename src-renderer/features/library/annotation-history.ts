/** @file What was said about pictures, step by step, so that it can be taken back. */
import { create } from "zustand";
import type { AssetAnnotation } from "#shared/domain/asset";

const undoSteps = 100;

/** One step, as what was there before it. */
export interface AnnotationStep {
  /** What was done, as the notice said it. */
  readonly title: string;
  readonly previous: readonly AssetAnnotation[];
}

interface AnnotationHistory {
  readonly steps: readonly AnnotationStep[];
}

export const useAnnotationHistory = create<AnnotationHistory>(() => ({ steps: [] }));

/** Remembers a step; the oldest is forgotten beyond a hundred. */
export function rememberStep(step: AnnotationStep): void {
  useAnnotationHistory.setState(({ steps }) => ({ steps: [...steps, step].slice(-undoSteps) }));
}

/** Takes a step out of the history: the last one, or `step` wherever it is. null when it is not there any more. */
export function takeStep(step = useAnnotationHistory.getState().steps.at(-1)): AnnotationStep | null {
  const { steps } = useAnnotationHistory.getState();
  if (step === undefined || !steps.includes(step)) return null;
  useAnnotationHistory.setState({ steps: steps.filter((known) => known !== step) });
  return step;
}
