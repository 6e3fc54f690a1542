/** @file What Consistency keeps while other workspaces are shown: the check as it is set up, the answer, what is looked at. */
import { create } from "zustand";
import type { AppErrorShape } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { CheckResult } from "#shared/domain/check";
import { rememberStep } from "../../lib/undo-history";
import { type CheckSetup, changesScale, emptySetup, mostReferences } from "./check-setup";

export interface CheckState {
  readonly setup: CheckSetup;
  /** The address that was read or written last. One left before an edit reached it says nothing new when it comes back. */
  readonly address: string | null;
  /** How often the engine was asked anew. */
  readonly asks: number;
  /** What `result` or `error` answers. */
  readonly key: string | null;
  /** The answer on screen, also while the next one is on its way. */
  readonly result: CheckResult | null;
  /** null while nothing is asked. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly error: AppErrorShape | null;
  readonly selectedId: AssetId | null;
  /** Which of several measures the histogram and the references show. */
  readonly shownMeasure: number;
  /** New files of the folder are scored as they arrive. */
  readonly isWatching: boolean;
  /** The person stopped the run; it goes on when asked again. */
  readonly isStopped: boolean;
}

export const useCheckState = create<CheckState>(() => ({
  setup: emptySetup,
  address: null,
  asks: 0,
  key: null,
  result: null,
  progress: null,
  error: null,
  selectedId: null,
  shownMeasure: 0,
  isWatching: true,
  isStopped: false,
}));

/** Changes the check. Cut-offs set by hand are given up where the change gives scores another meaning, and so is the board whose references change. */
export function changeSetup(change: Partial<CheckSetup>): void {
  useCheckState.setState(({ setup, shownMeasure }) => ({
    setup: {
      ...setup,
      ...("references" in change && !("boardId" in change) ? { boardId: null } : {}),
      ...(changesScale(change) ? { cutoffs: [] } : {}),
      ...change,
    },
    shownMeasure: changesScale(change) ? 0 : shownMeasure,
    isStopped: false,
  }));
}

/** Changes the references, each of them once, and remembers how they were for Undo. */
export function changeReferences(references: readonly AssetId[], undoTitle: string): void {
  const before = useCheckState.getState().setup;
  changeSetup({ references: [...new Set(references)].slice(0, mostReferences) });
  rememberStep({
    title: undoTitle,
    takeBack: async () => changeSetup({ references: before.references, boardId: before.boardId }),
  });
}

/** Opens another check: what was looked at belongs to the one before. */
export function openCheck(setup: CheckSetup, selectedId: AssetId | null = null): void {
  useCheckState.setState({ setup, selectedId, shownMeasure: 0, isStopped: false });
}

/** Asks the engine again, e.g. after an error or once new files are there. */
export function checkAgain(): void {
  useCheckState.setState(({ asks }) => ({ asks: asks + 1, isStopped: false }));
}

export function stopCheck(): void {
  useCheckState.setState({ isStopped: true });
}

export function selectCandidate(selectedId: AssetId | null): void {
  useCheckState.setState({ selectedId });
}
