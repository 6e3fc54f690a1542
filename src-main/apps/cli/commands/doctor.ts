/** @file `semblance doctor`: whether this machine and this library are in order. Exits with 1 when something is wrong. */
import { existsSync } from "node:fs";
import { access, constants, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Command } from "commander";
import { toAppError } from "#shared/domain/app-error";
import type { DeviceSelfTest } from "#shared/domain/device";
import { programVersion } from "../../../engine/version";
import { defaultLibraryPath } from "../../../platform/paths";
import type { CommandContext, Run } from "../command-context";
import { table } from "../output/table";
import { withInference } from "../with-inference";

/** Less than this on the library's disk, and an index run may end in the middle. */
const lowDiskBytes = 2 * 2 ** 30;

interface Diagnosis {
  readonly ok: boolean;
  readonly devices: readonly {
    readonly name: string;
    readonly provider: string;
    readonly available: boolean;
    readonly detail: string | null;
    readonly memoryBytes: number | null;
    readonly driver: string | null;
    readonly selfTest: DeviceSelfTest | null;
  }[];
  readonly library: { readonly path: string; readonly assets: number | null; readonly freeBytes: number | null };
  readonly versions: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/** Adds the command to the program. */
export function addDoctorCommand(program: Command, run: Run): void {
  program
    .command("doctor")
    .description("check devices, disk, library and versions")
    .action((_options, command: Command) => run(command, diagnose));
}

async function diagnose(context: CommandContext): Promise<number> {
  const problems: string[] = [];
  const devices = await testDevices(context);
  for (const { name, selfTest } of devices)
    if (selfTest?.ok === false) problems.push(`${name}: ${selfTest.message ?? "its self-test failed."}`);
  if (devices.every((device) => device.selfTest?.ok !== true)) problems.push("No device passes its self-test.");
  const library = await examineLibrary(context, problems);
  const diagnosis: Diagnosis = { ok: problems.length === 0, devices, library, versions: versions(), problems };
  context.output.result({ document: diagnosis, text: () => diagnosisText(diagnosis) });
  return diagnosis.ok ? 0 : 1;
}

function versions(): Readonly<Record<string, string>> {
  return { semblance: programVersion, node: process.versions.node, platform: `${process.platform} ${process.arch}` };
}

function testDevices(context: CommandContext): Promise<Diagnosis["devices"]> {
  return withInference(context, async (inference) => {
    const tested: Diagnosis["devices"][number][] = [];
    for (const { id, supported: _, ...device } of await inference.devices())
      tested.push({ ...device, selfTest: device.available ? await inference.selfTest(id) : null });
    return tested;
  });
}

async function examineLibrary(context: CommandContext, problems: string[]): Promise<Diagnosis["library"]> {
  const path = context.common.libraryPath ?? defaultLibraryPath();
  const freeBytes = await freeSpace(path, problems);
  try {
    const assets = await context.withEngine((engine) => Promise.resolve(engine.store.assets.count()), { isReading: true, readOnly: true });
    return { path, assets, freeBytes };
  } catch (error) {
    const { code, message } = toAppError(error);
    if (code !== "library/not-found") problems.push(message);
    return { path, assets: null, freeBytes };
  }
}

/** The folder itself, or the one it would be made in. */
function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

async function freeSpace(path: string, problems: string[]): Promise<number | null> {
  try {
    const folder = nearestFolder(path);
    await access(folder, constants.W_OK);
    if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is a file`);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free < lowDiskBytes) problems.push(`The disk of ${path} has only ${(free / 2 ** 30).toFixed(1)} GB left.`);
    return free;
  } catch {
    problems.push(`${path} cannot be a library; choose another place with --library.`);
    return null;
  }
}

function selfTestText(selfTest: DeviceSelfTest | null): string {
  const { imagesPerSecond = null, parity = null, message = null } = selfTest ?? {};
  if (imagesPerSecond === null || parity === null) return message ?? "";
  return `${imagesPerSecond.toFixed(0)} test pictures/s, largest difference to the processor ${parity.toExponential(1)}`;
}

function diagnosisText({ devices, library, versions: known, problems }: Diagnosis): string {
  const rows = devices.map(({ name, provider, memoryBytes, available, detail, selfTest }) => {
    const device = [name, provider, memoryBytes === null ? "" : `${(memoryBytes / 2 ** 30).toFixed(0)} GB`];
    if (!available) return [...device, "not available", detail ?? ""];
    return [...device, selfTest?.ok === true ? "works" : "fails", selfTestText(selfTest)];
  });
  const pictures = library.assets === null ? "no library yet" : `${library.assets} pictures`;
  const free = library.freeBytes === null ? "" : `, ${(library.freeBytes / 2 ** 30).toFixed(0)} GB free`;
  return [
    table(["device", "runs through", "memory", "", ""], rows),
    "",
    `Library  ${library.path} (${pictures}${free})`,
    `Version  ${Object.entries(known)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}`,
    "",
    problems.length === 0 ? "Everything is in order." : `Problems:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
  ].join("\n");
}
