/** @file How the side panel of Consistency is set: the order of the matrix, what candidates are grouped by, and the group that alone is shown. */
import { create } from "zustand";
import type { MatrixOrder } from "./pair-matrix";

export interface SideState {
  readonly order: MatrixOrder;
  /** The field that is grouped by, as `fieldKey` writes it; null: the first there is. */
  readonly field: string | null;
  /** The value whose candidates alone are shown; null: all. */
  readonly value: string | null;
}

export const useSideState = create<SideState>(() => ({ order: "references", field: null, value: null }));

/** Groups by another field: a value of the one before is none of this. */
export function groupBy(field: string): void {
  useSideState.setState({ field, value: null });
}

/** Shows the candidates of one value alone, or all. */
export function showValue(value: string | null): void {
  useSideState.setState({ value });
}
