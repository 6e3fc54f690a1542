import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyAnnotation, type Annotation, type Flag } from "#shared/domain/annotation";
import type { AssetId, ImageFormat } from "#shared/domain/asset";
import { allOf, conditionsOf, conjunctsOf, type FilterExpression } from "#shared/domain/asset-filter";
import { toggleFilterValue } from "#shared/domain/asset-filter-edit";
import type { FileAccount } from "#shared/domain/asset-filter-fields";
import { filterTest } from "#shared/domain/asset-filter-match";
import { parseFilter } from "#shared/domain/asset-filter-parse";
import { facetField, facetIds, type FacetId } from "#shared/domain/facet";
import type { RootId } from "#shared/domain/library";
import { brandId } from "#shared/lib/branded-id";
import { facetValuesOf } from "./facets";
import { LibraryIndex } from "./library-index";
import { createLibraryKeys } from "./library-keys";
import { createPictures } from "./pictures";
import { AssetSubject } from "./filter-subject";

const root = { id: brandId<RootId>("r"), path: "/p", name: "p" };
const idOf = (index: number): AssetId => brandId<AssetId>(String(index).padStart(32, "0"));

interface Picture {
  readonly format: ImageFormat;
  readonly isWide: boolean;
  readonly isInFolder: boolean;
  readonly isMeasured: boolean;
  readonly annotation: Annotation;
  readonly keywords: string[] | null;
}

const pictureArbitrary: fc.Arbitrary<Picture> = fc.record({
  format: fc.constantFrom("png", "jpeg"),
  isWide: fc.boolean(),
  isInFolder: fc.boolean(),
  isMeasured: fc.boolean(),
  annotation: fc.record({
    tags: fc.uniqueArray(fc.constantFrom("a", "A*", "b"), { maxLength: 3 }),
    rating: fc.option(fc.integer({ min: 1, max: 3 })),
    flag: fc.option(fc.constantFrom<Flag>("picked", "rejected")),
  }),
  keywords: fc.option(fc.array(fc.constantFrom("k", "K", "l"), { maxLength: 3 })),
});

function accountOf({ keywords }: Picture): FileAccount | null {
  if (keywords === null) return null;
  const description = { title: null, caption: null, creator: null, copyright: null, keywords, rating: null };
  return { generation: null, capture: null, description };
}

/** A library whose pictures can be changed behind its back; `touch` tells it. */
function libraryOf(pictures: Picture[]) {
  // Numbers are given out in the order of places.
  const at = (asset: number): Picture => pictures[asset] as Picture;
  const facts = {
    isMeasured: (asset: number) => at(asset).isMeasured,
    annotation: (asset: number) => pictures[asset]?.annotation ?? emptyAnnotation,
    account: (asset: number) => accountOf(at(asset)),
    palette: (asset: number) => (at(asset).keywords === null ? [] : [{ colour: "#ff0000", share: 1 }]),
  };
  const index = new LibraryIndex(createPictures(createLibraryKeys()), facts);
  index.setRoots([root], new Set());
  const put = (place: number): void => {
    const { format, isWide, isInFolder } = pictures[place] as Picture;
    const asset = { id: idOf(place), width: isWide ? 20 : 10, height: 10, format };
    const path = `/p/${isInFolder ? "in/" : ""}${place}.${format}`;
    index.putAsset(asset);
    index.putFile({ path, rootId: root.id, assetId: asset.id, sizeBytes: 1, mtimeMs: Date.UTC(2026, place % 3, 15) });
  };
  for (const place of pictures.keys()) put(place);
  const subject = (place: number): AssetSubject => {
    const { format, isWide } = pictures[place] as Picture;
    const asset = { id: idOf(place), width: isWide ? 20 : 10, height: 10, format };
    return new AssetSubject({ asset, number: place, files: index.filesOfAsset(asset.id), facts, isMissing: false });
  };
  return { index, subject };
}

/** The counts of one group from nothing: every other condition applied, every value of every picture counted. */
function countSlowly(id: FacetId, filter: FilterExpression | null, subjects: readonly AssetSubject[]): Map<string, number> {
  const isOwn = (part: FilterExpression) => conditionsOf(part).every(({ field }) => field === facetField(id));
  const others = allOf(conjunctsOf(filter).filter((part) => !isOwn(part)));
  const counts = new Map<string, number>();
  for (const subject of subjects.filter((each) => others === null || filterTest(others)(each)))
    for (const value of new Set(facetValuesOf(id, subject).map((text) => text.toLowerCase())))
      counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

const filterArbitrary = fc
  .array(
    fc.constantFrom(
      "tag = a",
      'tag in ("A[*]", b)',
      "rating >= 2",
      "flag = picked or flag = rejected",
      "measured = yes",
      "format = png or rating = 1",
      "not keyword = k",
      "folder = in",
      "tag = nobody",
      "colour = red",
      "not (tag = b)",
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.map((part) => `(${part})`).join(" and "));

test("law: facets are what counting from nothing finds, also after changes", () => {
  fc.assert(
    fc.property(
      fc.array(pictureArbitrary, { maxLength: 12 }),
      pictureArbitrary,
      filterArbitrary,
      fc.boolean(),
      (initial, change, where, inFolder) => {
        const pictures = [...initial];
        const { index, subject } = libraryOf(pictures);
        const folder = inFolder ? "/p/in" : null;
        const check = (): void => {
          const groups = index.facets({ folder, text: null, where });
          expect(groups.map(({ id }) => id)).toEqual(facetIds);
          const places = [...pictures.keys()].filter((place) => folder === null || subject(place).paths[0]?.startsWith("/p/in/") === true);
          for (const { id, values, total } of groups) {
            const found = values.filter(({ count }) => count > 0).map(({ value, count }) => [value.toLowerCase(), count] as const);
            expect(new Map(found)).toEqual(countSlowly(id, parseFilter(where), places.map(subject)));
            expect(total).toBe(values.length);
            expect(values.every(({ count, isSelected }) => count > 0 || isSelected)).toBe(true);
          }
        };
        check();
        if (pictures.length === 0) return;
        // What a person says and what was measured changes; what the file is does not.
        pictures[0] = {
          ...(pictures[0] as Picture),
          annotation: change.annotation,
          keywords: change.keywords,
          isMeasured: change.isMeasured,
        };
        index.touch([idOf(0)]);
        check();
      },
    ),
    { numRuns: 60 },
  );
});

test("law: a value's count is what the list shows when it alone is chosen in its group", () => {
  fc.assert(
    fc.property(fc.array(pictureArbitrary, { maxLength: 12 }), fc.constantFrom(null, "rating >= 2", "format = png"), (pictures, where) => {
      const { index } = libraryOf(pictures);
      for (const { id, values } of index.facets({ folder: null, text: null, where })) {
        if (conjunctsOf(parseFilter(where ?? "")).some((part) => conditionsOf(part).some(({ field }) => field === facetField(id))))
          continue;
        for (const { value, count } of values) {
          const chosen = toggleFilterValue(where, facetField(id), value);
          expect([value, index.ids({ folder: null, text: null, where: chosen }).length]).toEqual([value, count]);
          const again = index.facets({ folder: null, text: null, where: chosen }).find((group) => group.id === id);
          expect(again?.values.filter(({ isSelected }) => isSelected).map((each) => each.value)).toContain(value);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test("the orders by rating and by size, the newest first among equals", () => {
  const said = (rating: number | null) => ({ tags: [], rating, flag: null });
  const base = { format: "png" as const, isInFolder: false, isMeasured: true, keywords: null };
  const pictures: Picture[] = [
    { ...base, isWide: false, annotation: said(null) },
    { ...base, isWide: true, annotation: said(2) },
    { ...base, isWide: false, annotation: said(5) },
    { ...base, isWide: true, annotation: said(null) },
  ];
  const { index } = libraryOf(pictures);
  const order = (sort: "rating" | "largest") =>
    index.page({ folder: null, text: null, sort, offset: 0, limit: 10 }).items.map(({ id }) => Number(id));
  expect([order("rating"), order("largest")]).toEqual([
    [2, 1, 0, 3],
    [1, 3, 2, 0],
  ]);
  pictures[0] = { ...(pictures[0] as Picture), annotation: said(5) };
  index.touch([idOf(0)]);
  expect(order("rating")).toEqual([2, 0, 1, 3]);
});
