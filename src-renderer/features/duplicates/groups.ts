/** @file Groups as they are reviewed: their pictures in one list, without what was kept apart since. Pure. */
import type { AssetId } from "#shared/domain/asset";
import type { Duplicate, DuplicateGroup } from "#shared/domain/duplicates";

/** Most pictures that can be kept apart at once; see keptApartSchema. */
const mostKeptApart = 500;

/** One picture of the review; `place` 0 is the best of its group. */
export interface ReviewedPicture {
  readonly group: number;
  readonly place: number;
  readonly picture: Duplicate;
}

/** As the engine groups: best first, a picture joins unless it is kept apart from one that joined before. A group that is left with one is none. */
export function withoutApart(groups: readonly DuplicateGroup[], apart: readonly (readonly AssetId[])[]): readonly DuplicateGroup[] {
  if (apart.length === 0) return groups;
  const areApart = (a: AssetId, b: AssetId): boolean => apart.some((ids) => ids.includes(a) && ids.includes(b));
  return groups.flatMap((group) => {
    const joined: Duplicate[] = [];
    for (const picture of group.pictures) if (!joined.some(({ asset }) => areApart(asset.id, picture.asset.id))) joined.push(picture);
    if (joined.length === group.pictures.length) return [group];
    return joined.length > 1 ? [{ pictures: joined }] : [];
  });
}

/** All pictures, group by group. */
export function reviewedPictures(groups: readonly DuplicateGroup[]): readonly ReviewedPicture[] {
  return groups.flatMap(({ pictures }, group) => pictures.map((picture, place) => ({ group, place, picture })));
}

/** What to keep apart when a picture is none of its group: it and the best one; for the best one, all of them. null where that cannot be said. */
export function apartFromGroup({ pictures }: DuplicateGroup, place: number): readonly AssetId[] | null {
  const chosen = place === 0 ? pictures : [pictures[0], pictures[place]];
  const ids = chosen.flatMap((picture) => picture?.asset.id ?? []);
  return ids.length > 1 && ids.length <= mostKeptApart ? ids : null;
}

/** Bytes of all files of a group. */
export function groupBytes({ pictures }: DuplicateGroup): number {
  return pictures.reduce((sum, { files }) => files.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, sum), 0);
}
