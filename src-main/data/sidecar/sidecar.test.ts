import { mkdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { readMetadata } from "../metadata/read-metadata";
import { sidecarPath, writeSidecar } from "./write-sidecar";
import { isOwnPacket, xmpPacket } from "./xmp-packet";

const scratch = scratchFolder();
const packet = xmpPacket({ tags: ["ink"], rating: 3, flag: "picked" });
const needed = { isNeeded: true, isDryRun: false };

/** Control characters, halves of surrogate pairs and all else that fits 16 bits. */
const anyText = fc
  .array(fc.oneof(fc.nat(127), fc.nat(0xffff)), { minLength: 1, maxLength: 12 })
  .map((codes) => String.fromCharCode(...codes));

test("law: whatever the tags are, the packet is XML of allowed characters with one element per tag", () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 4 }), (tags) => {
      const text = xmpPacket({ tags, rating: null, flag: null });
      expect(text).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
      const elements = [...text.matchAll(/<rdf:li>([^<>"']*)<\/rdf:li>/g)].map(([, inner]) => inner ?? "");
      expect(elements).toHaveLength(tags.length);
      for (const inner of elements) expect(inner.replace(/&(?:amp|lt|gt|quot|apos);/g, "")).not.toContain("&");
    }),
  );
});

test("stars, and -1 for a rejected picture without; both programs' labels", () => {
  const said = (rating: number | null, flag: "picked" | "rejected" | null) =>
    ["xmp:Rating", "xmpDM:pick", "digiKam:PickLabel"].map(
      (name) => new RegExp(`${name}="(-?\\d)"`).exec(xmpPacket({ tags: [], rating, flag }))?.[1],
    );
  expect(said(4, null)).toEqual(["4", "0", "0"]);
  expect(said(null, "rejected")).toEqual(["-1", "-1", "1"]);
  expect(said(2, "rejected")).toEqual(["2", "-1", "1"]);
  expect(said(null, "picked")).toEqual(["0", "1", "3"]);
});

test("a reader of XMP finds tags and stars again", async () => {
  const tags = ["ink & <paper>", `"quoted" 'twice'`, "Ñandú 画"];
  const path = join(scratch, "embedded.jpg");
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } });
  await picture
    .withXmp(xmpPacket({ tags, rating: 4, flag: "picked" }))
    .jpeg()
    .toFile(path);
  expect((await readMetadata(path)).description).toMatchObject({ keywords: tags, rating: 4 });
});

test("a sidecar is written once, brought up to date, and a foreign one is left as it is", async () => {
  const path = join(scratch, "new", sidecarPath("fox.png"));
  expect(await writeSidecar(path, packet, { isNeeded: true, isDryRun: true })).toBe("written");
  await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  expect(await writeSidecar(path, packet, { isNeeded: false, isDryRun: false })).toBe("absent");
  expect(await writeSidecar(path, packet, needed)).toBe("written");
  await utimes(path, 1, 1);
  expect(await writeSidecar(path, packet, needed)).toBe("unchanged");
  expect((await stat(path)).mtimeMs).toBe(1000);
  const emptied = xmpPacket({ tags: [], rating: null, flag: null });
  expect(await writeSidecar(path, emptied, { isNeeded: false, isDryRun: false })).toBe("written");
  expect(await readFile(path, "utf8")).toBe(emptied);

  const foreign = packet.replace('xmptk="Semblance"', 'xmptk="XMP Core 6.0.0"');
  expect([isOwnPacket(packet), isOwnPacket(foreign), isOwnPacket("no XML, Semblance")]).toEqual([true, false, false]);
  await writeFile(path, foreign);
  expect(await writeSidecar(path, packet, needed)).toBe("foreign");
  expect(await readFile(path, "utf8")).toBe(foreign);
});

test("a folder in the place of a sidecar is told as a fault of the disk", async () => {
  const path = join(scratch, "folder.xmp");
  await mkdir(path);
  await expect(writeSidecar(path, packet, needed)).rejects.toMatchObject({ code: "disk/failed" });
});
