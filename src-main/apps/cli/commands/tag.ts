/** @file `semblance tag`: what a person says about pictures, kept in the library and never in the files. */
import { type Command, Option } from "commander";
import { type AnnotationChange, type Flag, tagSchema } from "#shared/domain/annotation";
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { Engine } from "../../../engine/engine";
import type { CommandContext, Run } from "../command-context";
import { parseCount, repeatable } from "../common-options";
import { table } from "../output/table";
import { nothingPasses, whereOption } from "../where-option";

interface TagOptions {
  readonly where?: string;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  /** Commander takes null for no value. */
  readonly rating?: number | "none";
  readonly pick?: boolean;
  readonly reject?: boolean;
  readonly unflag?: boolean;
}

/** Adds the command to the program. */
export function addTagCommand(program: Command, run: Run): void {
  program
    .command("tag")
    .description("tag, rate, pick or reject pictures of the library; without a change, show what was said about them")
    .argument("[image...]", "pictures of the library")
    .addOption(whereOption("all pictures that pass this filter"))
    .option("--add <tag>", "give them this tag (repeatable)", repeatable(parseTag("--add")))
    .option("--remove <tag>", "take this tag from them (repeatable)", repeatable(parseTag("--remove")))
    .option("--rating <stars>", "1 to 5, or none", parseRating)
    .addOption(new Option("--pick", "pick them").conflicts(["reject", "unflag"]))
    .addOption(new Option("--reject", "reject them").conflicts(["pick", "unflag"]))
    .addOption(new Option("--unflag", "neither picked nor rejected").conflicts(["pick", "reject"]))
    .action((images: string[], options: TagOptions, command: Command) => run(command, (context) => tag(context, images, options)));
}

function parseTag(option: string): (text: string) => string {
  return (text) => {
    const parsed = tagSchema.safeParse(text);
    if (!parsed.success) throw appError("usage/invalid", `${option} takes a tag of 1 to 100 characters, not "${text}".`);
    return parsed.data;
  };
}

function parseRating(text: string): number | "none" {
  if (text === "none") return text;
  const stars = parseCount("--rating")(text);
  if (stars > 5) throw appError("usage/invalid", `--rating is 1 to 5 or none, not ${stars}.`);
  return stars;
}

function changeOf({ add, remove, rating, pick, reject, unflag }: TagOptions): AnnotationChange | null {
  const flag: Flag | null | undefined = pick === true ? "picked" : reject === true ? "rejected" : unflag === true ? null : undefined;
  const change = {
    ...(add === undefined ? {} : { addTags: [...add] }),
    ...(remove === undefined ? {} : { removeTags: [...remove] }),
    ...(rating === undefined ? {} : { rating: rating === "none" ? null : rating }),
    ...(flag === undefined ? {} : { flag }),
  };
  return Object.keys(change).length === 0 ? null : change;
}

async function tag(context: CommandContext, images: readonly string[], options: TagOptions): Promise<void> {
  if ((images.length === 0) === (options.where === undefined))
    throw appError("usage/invalid", "The pictures to tag are named, or chosen with --where, one of the two.", {
      hint: "`semblance tag --help` shows how it is used.",
    });
  const change = changeOf(options);
  await context.withEngine(
    async (engine) => {
      const ids = await chosenPictures(engine, images, options.where);
      if (change !== null && ids.length > 0) await engine.annotations.set(ids, change);
      const rows = ids.map((id) => annotatedRow(engine, id));
      context.output.result({
        document: rows,
        rows,
        text: () => (rows.length === 0 ? nothingPasses(options.where ?? "", "picture") : annotationText(rows)),
      });
    },
    { isReading: change === null },
  );
}

async function chosenPictures(engine: Engine, images: readonly string[], where: string | undefined): Promise<readonly AssetId[]> {
  if (where !== undefined) return engine.store.assets.matching({ folder: null, text: null, where });
  const ids: AssetId[] = [];
  for (const image of images) ids.push(await engine.library.assetIdOf(image));
  return [...new Set(ids)];
}

function annotatedRow({ store }: Engine, id: AssetId) {
  const { tags, rating, flag } = store.annotations.get(id);
  return { path: store.assets.get(id)?.files[0]?.path ?? "", assetId: id, tags, rating, flag };
}

function annotationText(rows: readonly ReturnType<typeof annotatedRow>[]): string {
  return table(
    ["file", "rating", "flag", "tags"],
    rows.map(({ path, rating, flag, tags }) => [path, rating === null ? "" : String(rating), flag ?? "", tags.join(", ")]),
  );
}
