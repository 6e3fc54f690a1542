/** @file Which mask is being painted. Panels change places with the width of the window; what is half painted must outlast that. */
import { create } from "zustand";
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { MaskInUse } from "#shared/domain/mask";

export interface MaskEditing {
  readonly assetId: AssetId;
  readonly name: string;
  /** Whose features the estimate is made of. */
  readonly metric: MetricName;
  /** What the painting starts with. */
  readonly inUse: MaskInUse;
  /** A mask was kept or forgotten. */
  readonly onChange: () => void;
}

export const useMaskEditing = create<{ readonly editing: MaskEditing | null }>(() => ({ editing: null }));

/** Opens the editor; null closes it. */
export function editMask(editing: MaskEditing | null): void {
  useMaskEditing.setState({ editing });
}
