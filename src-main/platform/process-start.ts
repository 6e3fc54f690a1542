/** @file When a process started: tells a living process from another one that got its number. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Field 22 of /proc/PID/stat, counted after the command's closing bracket, since the command may hold spaces and brackets. */
const startTimeFieldAfterCommand = 19;

async function linuxProcessStart(pid: number): Promise<string | null> {
  const [stat, bootId] = await Promise.all([readFile(`/proc/${pid}/stat`, "utf8"), readFile("/proc/sys/kernel/random/boot_id", "utf8")]);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const isDead = fields[0] === "Z" || fields[0] === "X";
  return isDead ? null : `${bootId.trim()}:${fields[startTimeFieldAfterCommand] ?? ""}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * A text that is equal for equal processes only: null when no process has this number, "unknown" where the system does not tell
 * (Windows), so that the number alone decides there.
 */
export async function processStart(pid: number): Promise<string | null> {
  if (!isAlive(pid)) return null;
  try {
    if (process.platform === "linux") return await linuxProcessStart(pid);
    if (process.platform === "darwin") return (await run("ps", ["-o", "lstart=", "-p", String(pid)])).stdout.trim() || null;
    return "unknown";
  } catch {
    return isAlive(pid) ? "unknown" : null;
  }
}
