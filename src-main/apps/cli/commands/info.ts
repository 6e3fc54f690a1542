/** @file `semblance info`: what picture files say about themselves. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { type AppErrorShape, exitCodeOf, toAppError } from "#shared/domain/app-error";
import type { AssetMetadata } from "#shared/domain/asset-metadata";
import { describeFile, type DescribedFile } from "../../../engine/services/describe-asset";
import { type CommandContext, type Run, throwIfStopped } from "../command-context";
import { printable, table } from "../output/table";

interface InfoOptions {
  readonly raw?: boolean;
}

const help = `
Read are the notes of AUTOMATIC1111 and Forge, ComfyUI, InvokeAI, Fooocus and programs that write like them, EXIF, XMP and IPTC, in PNG, JPEG, WebP,
AVIF and TIFF. Nothing is written to the files. docs/metadata.md says what is taken from where.`;

/** Adds the command to the program. */
export function addInfoCommand(program: Command, run: Run): void {
  program
    .command("info")
    .description("show how pictures were generated, taken and described, and their colours")
    .argument("<image...>", "pictures; they need not be in the library")
    .option("--raw", "also the texts themselves, as they stand in the file")
    .addHelpText("after", help)
    .action((images: string[], options: InfoOptions, command: Command) => run(command, (context) => showInfo(context, images, options)));
}

async function showInfo(context: CommandContext, images: readonly string[], { raw = false }: InfoOptions): Promise<number> {
  const { output, signal } = context;
  const rows: object[] = [];
  const texts: string[] = [];
  const failed: (AppErrorShape & { readonly path: string })[] = [];
  let exitCode = 0;
  for (const image of images) {
    throwIfStopped(signal);
    const path = resolve(image);
    try {
      const described = await describeFile(path);
      const { header, metadata } = described;
      rows.push({ path, ...header, ...metadata, ...(raw ? { raw: described.raw } : {}) });
      texts.push(infoText(path, described, raw));
    } catch (error) {
      // Of several pictures the others are still told.
      if (images.length === 1) throw error;
      const { code, message, hint } = toAppError(error);
      failed.push({ path, code, message, ...(hint === undefined ? {} : { hint }) });
      exitCode = exitCodeOf(code);
    }
  }
  for (const { message } of failed) output.note(printable(message));
  output.result({ document: { images: rows, failed }, rows, text: () => texts.join("\n\n") });
  return exitCode;
}

function infoText(path: string, { header, metadata, raw }: DescribedFile, isRaw: boolean): string {
  const facts: [field: string, value: string][] = [
    ["size", `${header.width} x ${header.height} ${header.format}`],
    ...generationFacts(metadata.generation),
    ...captureFacts(metadata.capture),
    ...descriptionFacts(metadata.description),
    ["colours", metadata.palette.map(({ colour, share }) => `${colour} ${Math.round(share * 100)} %`).join("  ")],
    ["phash", metadata.phash],
  ];
  const texts = isRaw
    ? Object.entries(raw).map(([name, text]) => `\n${printable(name)}:\n${text.split("\n").map(printable).join("\n")}`)
    : [];
  const known = facts.filter(([, value]) => value !== "");
  return [printable(path), table(["field", "value"], known), ...texts].join("\n");
}

const plain = (value: string | number | null): string => (value === null ? "" : String(value));

function generationFacts(generation: AssetMetadata["generation"]): [string, string][] {
  if (generation === null) return [];
  const { generator, model, modelHash, loras, sampler, scheduler, steps, cfgScale, seed, prompt, negativePrompt } = generation;
  return [
    ["generator", generator],
    ["model", [model, modelHash === null ? null : `(${modelHash})`].filter((part) => part !== null).join(" ")],
    ["LoRAs", loras.map(({ name, weight }) => (weight === null ? name : `${name} ${weight}`)).join(", ")],
    ["sampler", plain(sampler)],
    ["scheduler", plain(scheduler)],
    ["steps", plain(steps)],
    ["CFG scale", plain(cfgScale)],
    ["seed", plain(seed)],
    ["prompt", plain(prompt)],
    ["negative prompt", plain(negativePrompt)],
  ];
}

function captureFacts(capture: AssetMetadata["capture"]): [string, string][] {
  if (capture === null) return [];
  const { camera, lens, takenMs, exposureSeconds, fNumber, iso, focalLengthMm } = capture;
  return [
    ["camera", plain(camera)],
    ["lens", plain(lens)],
    ["taken", takenMs === null ? "" : new Date(takenMs).toISOString()],
    ["exposure", exposureSeconds === null ? "" : exposureText(exposureSeconds)],
    ["aperture", fNumber === null ? "" : `f/${fNumber}`],
    ["ISO", plain(iso)],
    ["focal length", focalLengthMm === null ? "" : `${focalLengthMm} mm`],
  ];
}

function exposureText(seconds: number): string {
  return seconds < 1 ? `1/${Math.round(1 / seconds)} s` : `${seconds} s`;
}

function descriptionFacts(description: AssetMetadata["description"]): [string, string][] {
  if (description === null) return [];
  const { title, caption, creator, copyright, keywords, rating } = description;
  return [
    ["title", plain(title)],
    ["caption", plain(caption)],
    ["creator", plain(creator)],
    ["copyright", plain(copyright)],
    ["keywords", keywords.join(", ")],
    ["rating", rating === -1 ? "rejected" : plain(rating)],
  ];
}
