import fc from "fast-check";
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AppError } from "#shared/domain/app-error";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { elementCount, type Tensor } from "../tensor/tensor";
import { findDuplicateKey } from "./duplicate-keys";
import { readEntryBytes, readSafetensorsHeader, writeSafetensors } from "./safetensors";

const folder = scratchFolder();

/** A file of the given header text and data bytes, however wrong. */
function fileOf(header: string | Uint8Array, dataBytes = 0, claimedLength?: bigint): string {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimedLength ?? BigInt(text.length));
  const file = join(folder, "case.safetensors");
  writeFileSync(file, Buffer.concat([length, text, Buffer.alloc(dataBytes)]));
  return file;
}

const entry = (shape: string, offsets: string, dtype = '"F32"') => `{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}`;

describe("malformed files are refused with what is wrong", () => {
  const cases: Readonly<Record<string, readonly [file: () => string, complaint: RegExp]>> = {
    empty: [() => (writeFileSync(join(folder, "empty"), ""), join(folder, "empty")), /it is empty/],
    "seven bytes": [() => (writeFileSync(join(folder, "seven"), "1234567"), join(folder, "seven")), /only 7 bytes/],
    "a folder": [() => folder, /not a regular file/],
    "a header longer than the file": [() => fileOf("{}", 0, 900n), /claims 900 bytes/],
    "a header longer than the format allows": [() => fileOf("{}", 0, 2n ** 63n), /more than the format allows/],
    "a header of no bytes": [() => fileOf("", 10), /claims 0 bytes/],
    "a header that is not UTF-8": [() => fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), /not UTF-8/],
    "a header that is not JSON": [() => fileOf("{a}"), /not JSON/],
    "a header that is a list": [() => fileOf("[]"), /not a JSON object/],
    "a header after spaces": [() => fileOf(" {}"), /not a JSON object/],
    "a tensor twice": [() => fileOf(`{"a":${entry("[0]", "[0,0]")},"\\u0061":${entry("[0]", "[0,0]")}}`), /names "a" twice/],
    "a field twice": [() => fileOf('{"a":{"dtype":"F32","dtype":"F16","shape":[0],"data_offsets":[0,0]}}'), /names "dtype" twice/],
    "metadata that is not text": [() => fileOf('{"__metadata__":{"a":1}}'), /__metadata__ is not a map of texts/],
    "an entry that is no object": [() => fileOf('{"a":7}'), /entry of "a"/],
    "an entry with more fields": [() => fileOf('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"x":1}}'), /entry of "a"/],
    "an unknown element type": [() => fileOf(`{"a":${entry("[1]", "[0,4]", '"F31"')}}`, 4), /unknown element type "F31"/],
    "an inherited element type": [() => fileOf(`{"a":${entry("[1]", "[0,4]", '"toString"')}}`, 4), /unknown element type/],
    "a negative size": [() => fileOf(`{"a":${entry("[-1]", "[0,4]")}}`, 4), /whole numbers/],
    "a broken size": [() => fileOf(`{"a":${entry("[1.5]", "[0,6]")}}`, 6), /whole numbers/],
    "a size beyond integers": [() => fileOf(`{"a":${entry("[9007199254740993]", "[0,4]")}}`, 4), /whole numbers/],
    "a product beyond integers": [
      () => fileOf(`{"a":${entry("[9007199254740991,9007199254740991]", "[0,4]")}}`, 4),
      /but 4 bytes are given/,
    ],
    "an end before the begin": [() => fileOf(`{"a":${entry("[1]", "[4,0]")}}`, 4), /ends before it begins/],
    "a length that does not fit the shape": [() => fileOf(`{"a":${entry("[2]", "[0,4]")}}`, 4), /8 bytes, but 4 bytes are given/],
    "a tensor past the end": [() => fileOf(`{"a":${entry("[2]", "[0,8]")}}`, 4), /incomplete download/],
    "two tensors in one place": [() => fileOf(`{"a":${entry("[1]", "[0,4]")},"b":${entry("[1]", "[2,6]")}}`, 6), /b overlaps a/],
    "a hole before the first": [() => fileOf(`{"a":${entry("[1]", "[4,8]")}}`, 8), /4 bytes between the header and a/],
    "a hole between tensors": [() => fileOf(`{"a":${entry("[1]", "[0,4]")},"b":${entry("[1]", "[8,12]")}}`, 12), /between a and b/],
    "bytes behind the last": [() => fileOf(`{"a":${entry("[1]", "[0,4]")}}`, 5), /1 bytes after a/],
  };
  test.each(Object.entries(cases))("%s", async (_name, [file, complaint]) => {
    await expect(readSafetensorsHeader(file())).rejects.toMatchObject({
      code: "weights/malformed",
      message: expect.stringMatching(complaint) as string,
    });
  });

  test("a file that is not there", async () => {
    await expect(readSafetensorsHeader(join(folder, "absent"))).rejects.toMatchObject({ code: "checkpoint/not-found" });
  });
});

test("an odd but valid file is read: padding, unaligned offsets, scalars, empty tensors, a name from the prototype", async () => {
  const file = fileOf(
    `{"b":${entry("[]", "[1,5]")},"__proto__":${entry("[1]", "[0,1]", '"U8"')},"e":${entry("[0,7]", "[5,5]")},"__metadata__":{"format":"pt"}}  `,
    5,
  );
  const { tensors, metadata, sizeBytes } = await readSafetensorsHeader(file);
  const dataStart = sizeBytes - 5;
  expect([...tensors.values()].map(({ name, shape, offset, byteLength }) => [name, shape, offset - dataStart, byteLength])).toEqual([
    ["b", [], 1, 4],
    ["__proto__", [1], 0, 1],
    ["e", [0, 7], 5, 0],
  ]);
  expect(metadata).toEqual({ format: "pt" });
});

test("a link leads to the file itself", async () => {
  mkdirSync(join(folder, "snapshots"));
  const file = fileOf(`{"a":${entry("[1]", "[0,4]")}}`, 4);
  symlinkSync(file, join(folder, "snapshots", "model.safetensors"));
  const opened = await readSafetensorsHeader(join(folder, "snapshots", "model.safetensors"));
  expect([opened.path, opened.tensors.get("a")?.file]).toEqual([file, file]);
});

const tensorArbitrary: fc.Arbitrary<Tensor> = fc.array(fc.nat(4), { maxLength: 3 }).chain((shape) => {
  const bytes = (size: number) =>
    fc.uint8Array({ minLength: size * elementCount(shape), maxLength: size * elementCount(shape) }).map((array) => array.slice().buffer);
  return fc.oneof(
    bytes(4).map((buffer): Tensor => ({ dtype: "float32", shape, data: new Float32Array(buffer) })),
    bytes(2).map((buffer): Tensor => ({ dtype: "float16", shape, data: new Uint16Array(buffer) })),
    bytes(8).map((buffer): Tensor => ({ dtype: "int64", shape, data: new BigInt64Array(buffer) })),
    bytes(4).map((buffer): Tensor => ({ dtype: "int32", shape, data: new Int32Array(buffer) })),
    bytes(1).map((buffer): Tensor => ({ dtype: "uint8", shape, data: new Uint8Array(buffer) })),
  );
});
const tensorsArbitrary = fc.uniqueArray(
  fc.tuple(
    fc.string({ unit: "grapheme", maxLength: 8 }).filter((name) => name !== "__metadata__"),
    tensorArbitrary,
  ),
  { selector: ([name]) => name, maxLength: 5 },
);
const bytesOf = ({ data }: Tensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");

test("law: what is written is read back, bit for bit", async () => {
  const file = join(folder, "round-trip.safetensors");
  await fc.assert(
    fc.asyncProperty(tensorsArbitrary, fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }), async (tensors, metadata) => {
      await writeSafetensors(file, new Map(tensors), metadata);
      const opened = await readSafetensorsHeader(file);
      expect(opened.metadata).toEqual(metadata);
      expect([...opened.tensors.keys()].sort()).toEqual(tensors.map(([name]) => name).sort());
      for (const [name, written] of tensors) {
        const found = opened.tensors.get(name);
        if (found === undefined) throw new Error(`${name} is lost`);
        expect(found.shape).toEqual(written.shape);
        expect(found.offset % written.data.BYTES_PER_ELEMENT).toBe(0);
        expect(Buffer.from(await readEntryBytes(found)).toString("hex")).toBe(bytesOf(written));
      }
    }),
    { numRuns: 60, examples: [[[], JSON.parse('{"__proto__":""}') as Record<string, string>]] },
  );
});

test("law: a damaged file is read or refused with an AppError, never anything else, and never leads outside the file", async () => {
  const sound = join(folder, "sound.safetensors");
  await writeSafetensors(
    sound,
    new Map<string, Tensor>([["layer.weight", { dtype: "float32", shape: [2, 3], data: new Float32Array(6) }]]),
    { format: "pt" },
  );
  const bytes = readFileSync(sound);
  const damaged = join(folder, "damaged.safetensors");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 }),
      fc.nat(bytes.length),
      async (changes, length) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) copy[at] = value;
        writeFileSync(damaged, copy);
        truncateSync(damaged, length);
        try {
          const { tensors, sizeBytes } = await readSafetensorsHeader(damaged);
          for (const { offset, byteLength } of tensors.values()) expect(offset + byteLength).toBeLessThanOrEqual(sizeBytes);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect((error as AppError).code).toBe("weights/malformed");
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("law: valid JSON without repeated keys has no duplicate; doubling any key is found", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(findDuplicateKey(JSON.stringify(value))).toBeNull();
      expect(findDuplicateKey(JSON.stringify(value, null, 2))).toBeNull();
    }),
  );
  expect(findDuplicateKey('[{"a":{"b":1,"c":[{"b":2}], "b" : "}{"}}]')).toBe("b");
  const long = JSON.stringify({ a: "x\\".repeat(3_000_000), b: '\\"'.repeat(1_000), 'c"': 1 });
  expect(findDuplicateKey(long)).toBeNull();
  expect(findDuplicateKey(`${long.slice(0, -1)},"a" :1}`)).toBe("a");
  expect(findDuplicateKey('{"a\\"":1,"a":"\\\\","b":{"a":2}}')).toBeNull();
});
