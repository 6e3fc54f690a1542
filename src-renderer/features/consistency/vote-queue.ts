/** @file Candidates on which the voices disagree, one after the other, until a person has decided on each. */
import type { AssetId } from "#shared/domain/asset";
import type { CheckResult } from "#shared/domain/check";
import type { CheckRow } from "#shared/domain/check-split";

/** In the order of the check. `isOpen`: nobody decided on it by hand. */
export interface QueuedCandidate {
  readonly id: AssetId;
  readonly isOpen: boolean;
}

/** All disputed candidates of a check. */
export function voteQueue(result: CheckResult, rows: readonly CheckRow[], disputed: ReadonlySet<AssetId>): readonly QueuedCandidate[] {
  return rows.flatMap(({ candidate, isByHand }) => {
    const id = result.candidates[candidate]?.asset.id;
    return id !== undefined && disputed.has(id) ? [{ id, isOpen: !isByHand }] : [];
  });
}

/** The next open one after (or before) `from`, around the end; the first where `from` is not queued. null when no other is open. */
export function stepInQueue(queue: readonly QueuedCandidate[], from: AssetId | null, by: 1 | -1): AssetId | null {
  const ordered = by === 1 ? queue : queue.toReversed();
  const place = ordered.findIndex(({ id }) => id === from);
  const around = [...ordered.slice(place + 1), ...ordered.slice(0, Math.max(0, place))];
  return around.find(({ isOpen }) => isOpen)?.id ?? null;
}
