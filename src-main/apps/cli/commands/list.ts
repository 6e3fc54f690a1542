/** @file `semblance list`: the pictures of the library that pass a filter, or what they have in common. */
import { type Command, Option } from "commander";
import type { AssetDetail } from "#shared/domain/asset";
import type { FacetGroup } from "#shared/domain/facet";
import { type AssetSort, assetSortSchema } from "#shared/domain/library";
import type { Engine } from "../../../engine/engine";
import type { CommandContext, Run } from "../command-context";
import { parseCount } from "../common-options";
import { printable, table } from "../output/table";
import { nothingPasses, whereOption } from "../where-option";

interface ListOptions {
  readonly where?: string;
  readonly sort: AssetSort;
  readonly top?: number;
  readonly facets?: boolean;
}

/** Adds the command to the program. */
export function addListCommand(program: Command, run: Run): void {
  program
    .command("list")
    .description("list the pictures of the library, or what they have in common")
    .addOption(whereOption())
    .addOption(new Option("--sort <order>", "which come first").choices(assetSortSchema.options).default("name"))
    .option("--top <n>", "how many pictures (default: all)", parseCount("--top"))
    .option("--facets", "count tags, models, colours, ... instead")
    .action((options: ListOptions, command: Command) => run(command, (context) => list(context, options)));
}

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const where = options.where ?? null;
  await context.withEngine(
    async (engine) => {
      if (options.facets === true) {
        const facets = await engine.store.assets.facets({ folder: null, text: null, where });
        return context.output.result({ document: facets, rows: facets, text: () => facetText(facets) });
      }
      const { total, pictures } = await listedPictures(engine, { ...options, where });
      context.output.result({ document: { total, pictures }, rows: pictures, text: () => listText(pictures, total, where) });
    },
    { isReading: true, isEmptyAllowed: true },
  );
}

async function listedPictures(engine: Engine, { where, sort, top }: Pick<ListOptions, "sort" | "top"> & { readonly where: string | null }) {
  const limit = top ?? Number.MAX_SAFE_INTEGER;
  const { total, items } = await engine.library.page({ folder: null, text: null, where, sort, offset: 0, limit });
  return { total, pictures: items.flatMap(({ id }) => pictureRows(engine.store.assets.get(id))) };
}

type ListedPicture = ReturnType<typeof pictureRows>[number];

/** One row, or none for a picture that left while the list was made. */
function pictureRows(detail: Omit<AssetDetail, "metadata"> | null) {
  if (detail === null) return [];
  const { id, width, height, format, rating, flag, annotation, isMissing, isMeasured, files } = detail;
  const path = files[0]?.path ?? "";
  return [{ path, assetId: id, width, height, format, rating, flag, tags: annotation.tags, missing: isMissing, measured: isMeasured }];
}

function listText(pictures: readonly ListedPicture[], total: number, where: string | null): string {
  if (total === 0) return where === null ? "The library holds no pictures yet." : nothingPasses(where, "picture");
  const rows = pictures.map(({ path, width, height, rating, flag, tags }) => [
    path,
    `${width} x ${height}`,
    rating === null ? "" : String(rating),
    flag ?? "",
    tags.join(", "),
  ]);
  const shown = pictures.length < total ? `\n${pictures.length} of ${total} pictures.` : "";
  return `${table(["file", "size", "rating", "flag", "tags"], rows)}${shown}`;
}

function facetText(facets: readonly FacetGroup[]): string {
  const rows = facets.flatMap(({ id, values }) =>
    values.map(({ value, count, isSelected }) => [id, isSelected ? `${value} *` : value, String(count)]),
  );
  return rows.length === 0
    ? "The library holds no pictures yet."
    : table(
        ["field", "value", "pictures"],
        rows.map((row) => row.map(printable)),
      );
}
