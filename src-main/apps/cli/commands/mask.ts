/** @file `semblance mask`: what stands in front in a picture of the library, shown, set, removed or written as a picture. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { appError } from "#shared/domain/app-error";
import type { MaskSource } from "#shared/domain/mask";
import type { Engine } from "../../../engine/engine";
import { metricNames } from "../../../engine/metric-names";
import { readMaskFile, writeMaskFile } from "../../../engine/services/mask-files";
import { assertOutputFile } from "../../../platform/output-file";
import type { CommandContext, Run } from "../command-context";

/** How a person is told where a mask comes from. */
export const maskWords: Readonly<Record<MaskSource, string>> = {
  given: "given mask",
  transparency: "transparency",
  estimate: "estimate",
};

interface MaskOptions {
  readonly metric: string;
  readonly set?: string;
  readonly remove?: boolean;
  readonly out?: string;
}

/** Adds the command to the program. */
export function addMaskCommand(program: Command, run: Run): void {
  program
    .command("mask")
    .description("show, set or remove what stands in front in a picture of the library; foreground scores go by it")
    .argument("<image>", "a picture of the library")
    .addOption(
      new Option("--metric <name>", "the metric whose features the estimate is made of").choices(metricNames).default("starter-subject"),
    )
    .addOption(
      new Option("--set <file>", "keep this mask: a picture of the same shape, white where the picture counts").conflicts([
        "remove",
        "estimate",
      ]),
    )
    .option("--remove", "forget the mask that was set")
    .option("--out <file>", "write the mask in use as a black and white PNG of the size of the picture")
    .action((image: string, options: MaskOptions, command: Command) => run(command, (context) => mask(context, image, options)));
}

async function mask(context: CommandContext, image: string, { metric, set, remove = false, out }: MaskOptions): Promise<void> {
  if (out !== undefined) await assertOutputFile(resolve(out), ".png");
  await context.withEngine(
    async (engine) => {
      const assetId = await engine.library.assetIdOf(image);
      const size = sizeOf(engine, assetId, image);
      if (set !== undefined) await engine.foregrounds.put(assetId, await readMaskFile(resolve(set), size));
      if (remove) await engine.foregrounds.put(assetId, null);
      const inUse = await engine.foregrounds.inUse(await engine.recipes.of(metric), assetId);
      if (out !== undefined) await writeMaskFile(inUse.mask, size, resolve(out));
      const share = inUse.tiles.reduce((sum, tile) => sum + tile, 0) / inUse.tiles.length;
      context.output.result({
        document: { path: resolve(image), assetId, metric, share, ...inUse, out: out === undefined ? null : resolve(out) },
        text: () => `${Math.round(100 * share)} % of the picture stands in front, by ${articles[inUse.source]}.`,
      });
    },
    { isReading: set === undefined && !remove },
  );
}

const articles: Readonly<Record<MaskSource, string>> = {
  given: "the mask that was set",
  transparency: "its transparency",
  estimate: "an estimate from its features",
};

function sizeOf({ store }: Engine, assetId: Parameters<Engine["store"]["assets"]["get"]>[0], image: string) {
  const asset = store.assets.get(assetId);
  if (asset === null) throw appError("asset/not-found", `${image} is not a picture of the library.`);
  return { width: asset.width, height: asset.height };
}
