/** @file `semblance features`: inner values of a model for one picture, into a safetensors file. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { createInProcessInference } from "../../../engine/inference/in-process-inference";
import { writeFileFeatures } from "../../../engine/services/file-features";
import { assertOutputFile } from "../../../platform/output-file";
import type { CommandContext, Run } from "../command-context";
import { parseNumbers } from "../common-options";
import { table } from "../output/table";
import { addModelOptions, filePair, readCompareFlags } from "./compare-options";

interface FeatureOptions {
  readonly tap: string;
  readonly out: string;
}

/** Adds the command to the program. */
export function addFeaturesCommand(program: Command, run: Run): void {
  const command = program
    .command("features")
    .description("write inner values of a model for one picture")
    .argument("<image>", "a picture")
    .requiredOption("--tap <name,name,...>", "module paths (....attn1.q) of a U-Net; layer3.q, hidden4, embedding of CLIP and DINOv2")
    .requiredOption("--out <file>", "the .safetensors file to write")
    .option("--crop-a <x,y,w,h>", "only this part of the picture, in pixels", parseNumbers("--crop-a", 4));
  addModelOptions(command).action((image: string, options: FeatureOptions, self: Command) =>
    run(self, (context) => writeFeatures(context, image, options)),
  );
}

async function writeFeatures(context: CommandContext, image: string, { tap, out, ...flags }: FeatureOptions): Promise<void> {
  const { checkpoint, companions, cropA, options, libraryPath } = filePair(
    { a: image, b: image },
    readCompareFlags(flags),
    context.common.libraryPath,
  );
  await assertOutputFile(resolve(out));
  const inference = createInProcessInference({ device: context.common.device, threads: context.common.threads });
  try {
    const taps = tap.split(",").map((name) => name.trim());
    const written = await writeFileFeatures(inference, {
      image: resolve(image),
      checkpoint,
      companions,
      libraryPath,
      taps,
      crop: cropA,
      out: resolve(out),
      options,
    });
    const document = { image: resolve(image), model: written.model, out: resolve(out), tensors: written.tensors };
    context.output.result({
      document,
      text: () =>
        `${table(
          ["tap", "shape"],
          Object.entries(written.tensors).map(([name, shape]) => [name, `[${shape.join(", ")}]`]),
        )}\nWritten to ${document.out}`,
    });
  } finally {
    await inference.dispose();
  }
}
