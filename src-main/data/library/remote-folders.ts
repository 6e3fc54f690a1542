/**
 * @file Folders whose changes the system does not tell of: on network drives another machine makes them.
 *
 * Sources: magic numbers of statfs(2), linux/magic.h; the output of macOS's mount(8).
 */
import { execFile } from "node:child_process";
import { readFile, statfs } from "node:fs/promises";
import { promisify } from "node:util";
import { isInFolder } from "../store/path-test";

/** File systems by the number that Linux gives them. FUSE may be anything, sshfs among it. */
const remoteTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB"],
  [0x65735546, "FUSE"],
  [0x01021997, "9P"],
  [0x00c36400, "Ceph"],
  [0x5346414f, "AFS"],
  [0x73757245, "Coda"],
  [0x786f4256, "VirtualBox"],
]);
const remoteMacTypes: ReadonlySet<string> = new Set(["smbfs", "nfs", "afpfs", "webdav", "ftp", "macfuse", "osxfuse", "fusefs"]);

/** Watches are one a folder; other programs need theirs too. */
const shareOfWatches = 0.5;

/** The kind of network drive that `path` lies on in the output of `mount`: `//me@nas/art on /Volumes/art (smbfs, nodev)`. */
export function remoteMount(mounts: string, path: string): string | null {
  const found = mounts
    .split("\n")
    .flatMap((line) => {
      const [, place, type] = /^.*? on (\/.+) \((\w+)/.exec(line) ?? [];
      return place !== undefined && type !== undefined && isInFolder(path, place) ? [{ place, type }] : [];
    })
    .sort((a, b) => b.place.length - a.place.length)[0];
  return found !== undefined && remoteMacTypes.has(found.type) ? found.type : null;
}

async function remoteType(path: string): Promise<string | null> {
  if (process.platform === "win32") return path.startsWith("\\\\") ? "SMB" : null;
  if (process.platform === "darwin") return remoteMount((await promisify(execFile)("/sbin/mount")).stdout, path);
  const { type } = await statfs(path);
  return remoteTypes.get(type >>> 0) ?? null;
}

/** Watches that one user may have; null where the system has no such limit. */
async function allowedWatches(): Promise<number | null> {
  const text = await readFile("/proc/sys/fs/inotify/max_user_watches", "utf8").catch(() => null);
  return text === null ? null : Number(text);
}

/** Why changes below `path`, which has `folderCount` folders, cannot be left to the system's events, as one sentence; null where they can. */
export async function whyPolled(path: string, folderCount: number): Promise<string | null> {
  const type = await remoteType(path).catch(() => null);
  if (type !== null)
    return `${path} is on a network drive (${type}), which tells of no changes, so it is looked through from time to time.`;
  const allowed = await allowedWatches();
  if (allowed === null || folderCount <= allowed * shareOfWatches) return null;
  return `${path} has ${folderCount} folders, more than half of the ${allowed} that the system allows to be watched, so it is looked through from time to time; a higher fs.inotify.max_user_watches helps.`;
}
