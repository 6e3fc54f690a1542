import { expect, test } from "vitest";
import { picture } from "../../../tests/support/pictures";
import { describeLook } from "./look";
import { perceptualHash } from "./perceptual-hash";
import { renderThumbnail } from "./thumbnail";

/** Bits that differ. */
function distance(a: string, b: string): number {
  let bits = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let count = 0;
  for (; bits > 0n; bits >>= 1n) count += Number(bits & 1n);
  return count;
}

const large = (seed: number) => picture(seed, { width: 640, height: 480 }).flatten();
const hashOf = async (bytes: Uint8Array): Promise<string> => (await describeLook(bytes)).phash;

test("the hash stays nearly the same when a picture is scaled, saved again or brightened, and differs between pictures", async () => {
  const hashes: string[] = [];
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const own = await hashOf(await large(seed).png().toBuffer());
    expect(own).toMatch(/^[0-9a-f]{16}$/);
    const saved = await large(seed).png().toBuffer();
    for (const variant of [
      await large(seed).jpeg({ quality: 40 }).toBuffer(),
      await large(seed).webp({ quality: 50 }).toBuffer(),
      await large(seed).resize(200, 150).png().toBuffer(),
      await large(seed).resize(64, 48).png().toBuffer(),
      await large(seed).modulate({ brightness: 1.1 }).jpeg().toBuffer(),
      await large(seed).greyscale().png().toBuffer(),
    ])
      expect(distance(own, await hashOf(variant))).toBeLessThanOrEqual(6);
    expect(await hashOf(saved)).toBe(own);
    hashes.push(own);
  }
  for (const [place, one] of hashes.entries()) for (const other of hashes.slice(place + 1)) expect(distance(one, other)).toBeGreaterThan(6);
});

test("a hash of pixels does not depend on how many they are", () => {
  const checks = (side: number) => ({
    width: side,
    height: side,
    data: Uint8Array.from({ length: side * side * 3 }, (_, at) => {
      const pixel = Math.floor(at / 3);
      return ((Math.floor(((pixel % side) * 4) / side) * 3 + Math.floor((Math.floor(pixel / side) * 4) / side)) % 5) * 60;
    }),
  });
  expect(perceptualHash(checks(32))).toBe(perceptualHash(checks(256)));
  // Also of pictures smaller than the square that is transformed.
  expect(perceptualHash(checks(8))).toMatch(/^[0-9a-f]{16}$/);
  expect(perceptualHash({ width: 1, height: 1, data: Uint8Array.of(9, 9, 9) })).toBe("0000000000000000");
});

test("a thumbnail is described by what is opaque in it; bytes that are none are refused with a sentence", async () => {
  const hole = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="32" height="64" fill="#c04030"/></svg>',
  );
  const { palette } = await describeLook(hole);
  expect(palette).toEqual([{ colour: "#c04030", share: 1 }]);
  await expect(describeLook(Buffer.from("no picture"))).rejects.toMatchObject({ code: "image/undecodable" });
});

test("the look is that of the thumbnail, which a library keeps", async () => {
  const png = await large(3).png().toBuffer();
  const raw = await large(3).raw().toBuffer();
  const thumbnail = await renderThumbnail({ width: 640, height: 480, data: new Uint8Array(raw) }, 256);
  expect(distance(await hashOf(thumbnail), await hashOf(png))).toBeLessThanOrEqual(4);
});
