/** @file The selected pictures, in the order they were chosen. It survives filters, folders and workspaces. */
import { create } from "zustand";
import type { AssetId } from "#shared/domain/asset";

interface SelectionState {
  readonly ids: ReadonlySet<AssetId>;
  /** Where the keyboard is. */
  readonly current: AssetId | null;
}

export const useSelection = create<SelectionState>(() => ({ ids: new Set<AssetId>(), current: null }));

/** Selects exactly `ids`; the keyboard goes to `current`, else to the last of them. */
export function selectOnly(ids: readonly AssetId[], current: AssetId | null = ids.at(-1) ?? null): void {
  useSelection.setState({ ids: new Set(ids), current });
}

/** Adds a picture to the selection, or takes it out. */
export function toggleSelected(id: AssetId): void {
  useSelection.setState(({ ids }) => {
    const next = new Set(ids);
    if (!next.delete(id)) next.add(id);
    return { ids: next, current: id };
  });
}

/** Adds several at once, e.g. a range; the keyboard goes to `current`. */
export function addSelected(ids: readonly AssetId[], current: AssetId | null): void {
  useSelection.setState((state) => ({ ids: new Set([...state.ids, ...ids]), current }));
}

export function clearSelection(): void {
  useSelection.setState({ ids: new Set<AssetId>() });
}
