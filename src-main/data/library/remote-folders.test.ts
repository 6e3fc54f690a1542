import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { remoteMount, whyPolled } from "./remote-folders";

const mounts = [
  "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)",
  "//me@nas._smb._tcp.local/art on /Volumes/art (smbfs, nodev, nosuid, mounted by me)",
  "/dev/disk5s1 on /Volumes/art/usb (exfat, local, nodev)",
  "server:/export on /Volumes/art on tour (nfs, asynchronous)",
].join("\n");

test.each([
  ["/Users/me/Pictures", null],
  ["/Volumes/art", "smbfs"],
  ["/Volumes/art/ink", "smbfs"],
  ["/Volumes/art/usb/2024", null],
  ["/Volumes/art on tour/x", "nfs"],
  ["/Volumes/artless", null],
])("%s lies on %s", (path, type) => {
  expect(remoteMount(mounts, path)).toBe(type);
});

test("a folder of this machine is watched, one with more folders than may be watched is not", async () => {
  expect(await whyPolled(tmpdir(), 3)).toBeNull();
  if (process.platform !== "linux") return;
  expect(await whyPolled(tmpdir(), 1e9)).toMatch(/^.* has 1000000000 folders, more than half of the \d+ .*max_user_watches helps\.$/);
});
