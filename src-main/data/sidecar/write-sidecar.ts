/** @file Writes a packet to a file of its own, and never over one that somebody else wrote. */
import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "../../platform/atomic-file";
import { isNotFound, toDiskError } from "../../platform/disk-error";
import { isOwnPacket } from "./xmp-packet";

/** `absent`: there is none, and with nothing to say none is made. */
export type SidecarState = "written" | "unchanged" | "foreign" | "absent";

/** The name programs look for beside a picture: `fox.png.xmp` for `fox.png`, so that two formats of one name do not meet. */
export function sidecarPath(picturePath: string): string {
  return `${picturePath}.xmp`;
}

/**
 * Writes `packet` to `path`, or with `isDryRun` only says what would become of it. Without `isNeeded` only a sidecar that is there is
 * brought up to date.
 * @throws disk/*
 */
export async function writeSidecar(
  path: string,
  packet: string,
  { isNeeded, isDryRun }: { readonly isNeeded: boolean; readonly isDryRun: boolean },
): Promise<SidecarState> {
  const existing = await readFile(path, "utf8").catch((error: unknown) => {
    if (isNotFound(error)) return null;
    throw toDiskError(error, path);
  });
  if (existing === null && !isNeeded) return "absent";
  if (existing !== null && !isOwnPacket(existing)) return "foreign";
  if (existing === packet) return "unchanged";
  if (!isDryRun) await writeFileAtomic(path, packet);
  return "written";
}
