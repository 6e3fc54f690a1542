/** @file Counts of what the engine said has changed, for views that hold more than a query. */
import { create } from "zustand";

interface ChangesState {
  readonly assets: number;
}

const useChanges = create<ChangesState>(() => ({ assets: 0 }));

/** Says that assets were added, removed or measured. */
export function markAssetsChanged(): void {
  useChanges.setState(({ assets }) => ({ assets: assets + 1 }));
}

/** Grows whenever assets changed. */
export function useAssetChanges(): number {
  return useChanges((state) => state.assets);
}
