/** @file What a person decided about candidates by hand, for questions about the same references. */
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import { type EarlierVerdicts, type Verdict, type VerdictChange, verdictReferencesSchema } from "#shared/domain/verdict";
import type { Store } from "../../data/store/store-types";

export interface VerdictService {
  /** What holds for a question with these references, the newest first. */
  list(references: readonly AssetId[]): readonly Verdict[];
  /** Decides on pictures and answers what undoes it. Throws usage/invalid for references that are too many or among them, library/read-only; then nothing is changed. */
  set(change: VerdictChange): Promise<EarlierVerdicts>;
  /** Puts back what stood there before a change. */
  restore(earlier: EarlierVerdicts): Promise<void>;
  /** Forgets what was decided against any of these references, or everything with null; says how many verdicts that were. */
  clear(references: readonly AssetId[] | null): Promise<number>;
}

/** Creates the service over one library. */
export function createVerdictService({ verdicts }: Pick<Store, "verdicts">): VerdictService {
  return {
    list: (references) => [...verdicts.holding(references).values()].sort((one, other) => other.atMs - one.atMs),
    set(change) {
      const references = new Set(change.references);
      if (!verdictReferencesSchema.safeParse(change.references).success)
        throw appError("usage/invalid", `A verdict goes by 1 to 200 references, and there are ${references.size}.`, {
          hint: "Choose the ones that show best what is meant.",
        });
      if (!change.assetIds.some((id) => references.has(id))) return verdicts.decide(change);
      throw appError("usage/invalid", "A reference is what others are judged by, and has no verdict of its own.", {
        hint: "Leave it out of the pictures, or out of the references.",
      });
    },
    restore: (earlier) => verdicts.restore(earlier),
    async clear(references) {
      const count = (): number =>
        verdicts.sets().reduce((sum, set) => sum + set.verdicts.filter(({ verdict }) => verdict !== null).length, 0);
      const before = count();
      await verdicts.clear(references);
      return before - count();
    },
  };
}
