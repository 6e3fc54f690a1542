/** @file One forward pass of the starter gives the features of both of its metrics, so they share it. */
import { join } from "node:path";
import { appError } from "#shared/domain/app-error";
import type { RawImage } from "../../../platform/raw-image";
import { resourcesPath } from "../../../platform/paths";
import { openModel, type ModelFolder } from "../../models/model-folder";
import { parseStarterConfig, starterOutputs, type StarterConfig, type StarterOutput } from "../../models/starter/config";
import { buildStarter, starterTokenSize } from "../../models/starter/starter";
import { processImages, resizeAndCrop } from "../../preprocess/image-processor";
import { vitImageProcessorDefaults, type ImageProcessorConfig } from "../../preprocess/image-processor-config";
import type { InferenceSession } from "../../runtime/inference-session";
import type { SessionPool } from "../../runtime/session-pool";
import type { Tensor } from "../../tensor/tensor";
import type { ImageFeatures, MetricContext } from "../metric";
import { unit } from "../../tensor/linear-algebra";
import { imageOutput } from "../vision/vision-network";
import { packHeads } from "./pooled-heads";

/** What the pass leaves of one picture: features for both questions. `pooled` is the head (for subject both heads, packed), `attention` has query = key = value = tokens. */
export type StarterFeatures = Readonly<Record<StarterOutput, ImageFeatures>>;

export interface StarterPass {
  readonly model: ModelFolder;
  readonly config: StarterConfig;
  /** Features of each picture; a picture that is still in memory is never run twice. */
  features(images: readonly RawImage[]): Promise<readonly StarterFeatures[]>;
  /** All tensors of a fresh run on two pictures, under the names of the golden cases. */
  stages(a: RawImage, b: RawImage): Promise<ReadonlyMap<string, Tensor>>;
}

const passes = new WeakMap<SessionPool, Map<string, Promise<StarterPass>>>();

/** The pass of this context; both metrics and every extractor on the same sessions get the same one. */
export function openStarterPass(context: MetricContext): Promise<StarterPass> {
  const opened = passes.get(context.sessions) ?? new Map<string, Promise<StarterPass>>();
  passes.set(context.sessions, opened);
  const { checkpoint, runtime } = context;
  const key = `${checkpoint?.path ?? "bundled"}|${checkpoint?.sha256 ?? ""}|${runtime.device}|${runtime.threads}`;
  const known = opened.get(key);
  if (known !== undefined) return known;
  const pass = createPass(context);
  opened.set(key, pass);
  pass.catch(() => opened.delete(key));
  return pass;
}

async function createPass(context: MetricContext): Promise<StarterPass> {
  const model = context.checkpoint ?? (await openModel(join(resourcesPath(), "starter")));
  if (model.family !== "starter")
    throw appError("checkpoint/unsupported", `${model.name} is not the starter model.`, {
      hint: "Leave the model out to use the one that comes with Semblance.",
    });
  const config = parseStarterConfig(model.partConfig());
  const processor = imageProcessor(config);
  // The weights are small, so the convolutions may take the layout that runs fastest.
  const session = await context.sessions.get(buildStarter(model.part().scope(), config), { ...context.runtime, optimization: "all" });
  const remembered = new WeakMap<RawImage, Promise<StarterFeatures>>();
  return {
    model,
    config,
    features: (images) => {
      const fresh = images.filter((image) => !remembered.has(image));
      if (fresh.length > 0) {
        const run = runBatch(session, { images: fresh, processor, config });
        fresh.forEach((image, i) =>
          remembered.set(
            image,
            run.then((batch) => batch[i] as StarterFeatures),
          ),
        );
        run.catch(() => fresh.forEach((image) => remembered.delete(image)));
      }
      return Promise.all(images.map((image) => remembered.get(image) as Promise<StarterFeatures>));
    },
    stages: (a, b) => runStages(session, { a, b, processor }),
  };
}

/** Squashed to the square by Pillow's bilinear filter; the aspect ratio is lost, as in training. */
function imageProcessor({ imageSize, imageMean, imageStd }: StarterConfig): ImageProcessorConfig {
  return {
    ...vitImageProcessorDefaults,
    size: { height: imageSize, width: imageSize },
    resample: "bilinear",
    image_mean: imageMean,
    image_std: imageStd,
  };
}

async function runBatch(
  session: InferenceSession,
  {
    images,
    processor,
    config,
  }: { readonly images: readonly RawImage[]; readonly processor: ImageProcessorConfig; readonly config: StarterConfig },
): Promise<readonly StarterFeatures[]> {
  const outputs = await session.run({ pixel_values: processImages(images, processor) });
  return images.map((_, index) => {
    const [style, subject] = [imageOutput(outputs, "style", index).data, imageOutput(outputs, "subject", index).data];
    const featuresOf = (name: StarterOutput, pooled: Float32Array): ImageFeatures => {
      const { grid } = config.tokens[name];
      const tokens = imageOutput(outputs, `tok_${name}`, index).data;
      const layout = { heads: 1, tokens: grid * grid, headDim: starterTokenSize, grid: { rows: grid, columns: grid, prefix: 0 } };
      return {
        pooled,
        attention: { ...layout, query: tokens, key: tokens, value: tokens, output: imageOutput(outputs, `attn_${name}`, index).data },
      };
    };
    return { style: featuresOf("style", unit(style)), subject: featuresOf("subject", packHeads(subject, style)) };
  });
}

async function runStages(
  session: InferenceSession,
  { a, b, processor }: { readonly a: RawImage; readonly b: RawImage; readonly processor: ImageProcessorConfig },
): Promise<ReadonlyMap<string, Tensor>> {
  const outputs = await session.run({ pixel_values: processImages([a, b], processor) });
  const tensors = new Map<string, Tensor>();
  for (const [index, side] of ["a", "b"].entries()) {
    const pixels = resizeAndCrop(index === 0 ? a : b, processor);
    tensors.set(`pixels_${side}`, { dtype: "uint8", shape: [pixels.height, pixels.width, 3], data: pixels.data });
    for (const name of starterOutputs) {
      for (const output of [name, `tok_${name}`]) tensors.set(`${output}_${side}`, imageOutput(outputs, output, index));
    }
  }
  return tensors;
}
