/** @file What people say about pictures: tags, stars, picked and rejected. */
import type { AnnotationChange } from "#shared/domain/annotation";
import { appError } from "#shared/domain/app-error";
import type { AssetAnnotation, AssetId } from "#shared/domain/asset";
import { countTags } from "../../data/store/annotation-table";
import type { Store } from "../../data/store/store-types";

export interface AnnotationService {
  /** Changes what is said about pictures and answers what was said before. Throws asset/not-found, library/read-only; then nothing is changed. */
  set(assetIds: readonly AssetId[], change: AnnotationChange): Promise<AssetAnnotation[]>;
  /** Puts back what was said once, also about pictures that have left the library since. */
  restore(annotations: readonly AssetAnnotation[]): Promise<void>;
  /** All tags of pictures in the library by name, with how many pictures have them. */
  tags(): { tag: string; count: number }[];
}

/** Creates the service over one library. `onChange` is called after each change. */
export function createAnnotationService({ store, onChange }: { readonly store: Store; readonly onChange: () => void }): AnnotationService {
  const { annotations, assets } = store;
  return {
    async set(assetIds, change) {
      const ids = [...new Set(assetIds)];
      if (ids.some((id) => !assets.has(id)))
        throw appError("asset/not-found", "One of the pictures is no longer in the library.", { hint: "Scan the library again." });
      const previous = await annotations.change(ids, change);
      onChange();
      return previous;
    },
    async restore(earlier) {
      if (earlier.length === 0) return;
      await annotations.put(earlier);
      onChange();
    },
    tags() {
      const known = [...annotations.entries()].filter(([id]) => assets.has(id));
      return countTags(known.map(([, annotation]) => annotation));
    },
  };
}
