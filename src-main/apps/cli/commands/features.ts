/** @file `semblance features`: inner values of a model for one picture, into a safetensors file, and the list of what can be had. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { appError } from "#shared/domain/app-error";
import {
  listFileTaps,
  type TappedModel,
  type TapRecipeName,
  tapRecipeNames,
  writeFileFeatures,
} from "../../../engine/services/file-features";
import { assertOutputFile } from "../../../platform/output-file";
import type { CommandContext, Run } from "../command-context";
import { parseCount, parseNumbers } from "../common-options";
import { table } from "../output/table";
import { withInference } from "../with-inference";
import { addModelOptions, filePair, readCompareFlags } from "./compare-options";

interface FeatureOptions {
  readonly tap?: string;
  readonly out?: string;
  readonly recipe?: TapRecipeName;
  readonly concat?: boolean;
  readonly pool?: number;
  readonly listTaps?: boolean;
}

const help = `
Taps of a Stable Diffusion U-Net (--list-taps prints all of one model, with their shapes):
  up-level1-repeat1-vit-block0-cross-q   activations of generic-diffusion-feature: [channels, rows, columns], attention maps [heads, tokens, tokens]
  up_blocks[1].attentions[0], mid_block  positions of sdhelper
  us1 ... us10, mid                      keys of CleanDIFT
  up_blocks.1.resnets.2                  module paths of diffusers; ….attn1.to_q is a map, ….attn1.q, .k, .v, .sdpa are split in heads
  practical, correspondence              recommended sets
Taps of CLIP, DINO and DINOv2: layer3.q, .k, .v, .sdpa, hidden4, embedding; of a DiT: blocks.3, blocks.3.attn.q, .k, .v, .sdpa.

Recipes (--recipe) bring the picture before the U-Net as a published extractor does; without one the app's own way applies (no draw but the noise):
  activations  t 50, noise of the checkpoint's scheduler, bicubic; --pool averages, --concat enlarges to the largest map
  positions    t 50, noise of the training schedule, pixels from 0 to 1; SDXL is told the prompt alone
  cleandift    t 261, no noise; the mean of the posterior, or a sample of it with --seed; the drop-in U-Net with --weights

Several taps come from one forward pass. --noise-seeds and --flip average.`;

/** Adds the command to the program. */
export function addFeaturesCommand(program: Command, run: Run): void {
  const command = program
    .command("features")
    .description("write inner values of a model for one picture, or list what there is")
    .argument("[image]", "a picture")
    .option("--tap <name,name,...>", "what to write, each under its name")
    .option("--out <file>", "the .safetensors file to write")
    .addOption(new Option("--recipe <name>", "whose noise, timestep and input conventions apply").choices(tapRecipeNames))
    .option("--concat", "write one map of all taps, called concat, channels in the order the network runs")
    .option("--pool <n>", "means over n x n places of every map", parseCount("--pool"))
    .option("--list-taps", "list the taps of the model instead, with the shapes they have at --size")
    .option("--crop-a <x,y,w,h>", "only this part of the picture, in pixels", parseNumbers("--crop-a", 4))
    .addHelpText("after", help);
  addModelOptions(command).action((image: string | undefined, options: FeatureOptions, self: Command) =>
    run(self, (context) => (options.listTaps === true ? listTaps(context, options) : writeFeatures(context, image, options))),
  );
}

async function writeFeatures(context: CommandContext, image: string | undefined, options: FeatureOptions): Promise<void> {
  const { tap, out, concat, pool } = options;
  if (image === undefined || tap === undefined || out === undefined) {
    const missing = image === undefined ? "a picture" : tap === undefined ? "--tap" : "--out";
    throw appError("usage/invalid", `\`semblance features\` needs ${missing}.`, {
      hint: "semblance features PICTURE --checkpoint MODEL --tap NAME[,NAME...] --out FILE.safetensors; --list-taps shows the names.",
    });
  }
  const { model, crop } = readModel(context, options);
  const file = resolve(out);
  await assertOutputFile(file, ".safetensors");
  const written = await withInference(context, (inference) =>
    writeFileFeatures(inference, {
      ...model,
      image: resolve(image),
      taps: tap.split(",").map((name) => name.trim()),
      crop,
      out: file,
      ...(concat === undefined ? {} : { concat }),
      ...(pool === undefined ? {} : { pool }),
    }),
  );
  context.output.result({
    document: { image: resolve(image), model: written.model, recipe: options.recipe ?? null, out: file, tensors: written.tensors },
    text: () =>
      `${table(
        ["tap", "shape"],
        Object.entries(written.tensors).map(([name, shape]) => [name, shapeText(shape)]),
      )}\nWritten to ${file}`,
  });
}

async function listTaps(context: CommandContext, options: FeatureOptions): Promise<void> {
  const { model } = readModel(context, options);
  const list = await withInference(context, (inference) => listFileTaps(inference, model));
  context.output.result({
    document: list,
    text: () =>
      [
        table(
          ["activation", "key", "module path", "shape"],
          list.taps.map(({ activation, key, path, shape }) => [activation ?? "", key ?? "", path, shapeText(shape)]),
        ),
        ...Object.entries(list.sets).map(([name, taps]) => `${name}: ${taps.join(", ")}`),
      ].join("\n"),
  });
}

/** The options that every model has, apart from those of this command. */
function readModel({ common }: CommandContext, { recipe, tap: _taps, ...flags }: FeatureOptions) {
  const { checkpoint, companions, cropA, options, libraryPath } = filePair({ a: "", b: "" }, readCompareFlags(flags), common.libraryPath);
  const model: TappedModel = { checkpoint, companions, libraryPath, options, ...(recipe === undefined ? {} : { recipe }) };
  return { model, crop: cropA };
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
