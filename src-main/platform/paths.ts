/** @file Where things lie: the library of this person, and the resources that ship with the program. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { appError } from "#shared/domain/app-error";

/** What decides the place of the library; a parameter so that all three systems can be tested on one. */
export interface PathEnvironment {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

function currentEnvironment(): PathEnvironment {
  return { platform: process.platform, home: homedir(), variables: process.env };
}

/** SEMBLANCE_LIBRARY if set, else the system's folder for data of programs. Absolute; may not exist yet. */
export function defaultLibraryPath(environment: PathEnvironment = currentEnvironment()): string {
  const { platform, home, variables } = environment;
  if (variables["SEMBLANCE_LIBRARY"]) return resolve(variables["SEMBLANCE_LIBRARY"]);
  if (platform === "win32") return join(variables["APPDATA"] || join(home, "AppData", "Roaming"), "Semblance");
  if (platform === "darwin") return join(home, "Library", "Application Support", "Semblance");
  return join(variables["XDG_DATA_HOME"] || join(home, ".local", "share"), "semblance");
}

/** The system's folder for what programs can make again. Absolute; may not exist yet. */
export function defaultCachePath(environment: PathEnvironment = currentEnvironment()): string {
  const { platform, home, variables } = environment;
  if (platform === "win32") return join(variables["LOCALAPPDATA"] || join(home, "AppData", "Local"), "Semblance", "Cache");
  if (platform === "darwin") return join(home, "Library", "Caches", "Semblance");
  return join(variables["XDG_CACHE_HOME"] || join(home, ".cache"), "semblance");
}

/**
 * The `resources` folder. A packaged program has it beside its archive (weights are mapped by native code, which cannot
 * look into an archive); a checkout has it at its root, whether the code runs from sources or from `out`.
 * @throws internal/fault when it is nowhere: the installation is incomplete
 */
export function resourcesPath(): string {
  const packaged = (process as { resourcesPath?: string }).resourcesPath;
  if (packaged !== undefined && existsSync(join(packaged, "resources"))) return join(packaged, "resources");
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json")) && existsSync(join(folder, "resources"))) {
      return join(folder, "resources").replace(/([\\/])app\.asar(?=[\\/])/, "$1app.asar.unpacked");
    }
    if (dirname(folder) === folder) break;
  }
  throw appError("internal/fault", "The folder of resources that ships with Semblance is missing.", { hint: "Install Semblance again." });
}
