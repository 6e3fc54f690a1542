/** @file What a person did, step by step, so that it can be taken back. */
import { create } from "zustand";

const undoSteps = 100;

export interface UndoStep {
  /** What was done, as the notice said it. */
  readonly title: string;
  readonly takeBack: () => Promise<void>;
}

interface UndoHistory {
  readonly steps: readonly UndoStep[];
}

export const useUndoHistory = create<UndoHistory>(() => ({ steps: [] }));

/** Remembers a step; the oldest is forgotten beyond a hundred. */
export function rememberStep(step: UndoStep): void {
  useUndoHistory.setState(({ steps }) => ({ steps: [...steps, step].slice(-undoSteps) }));
}

/** Takes a step out of the history: the last one, or `step` wherever it is. null when it is not there any more. */
export function takeStep(step = useUndoHistory.getState().steps.at(-1)): UndoStep | null {
  const { steps } = useUndoHistory.getState();
  if (step === undefined || !steps.includes(step)) return null;
  useUndoHistory.setState({ steps: steps.filter((known) => known !== step) });
  return step;
}
