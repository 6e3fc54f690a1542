import { expect, test } from "vitest";
import { parseMediaPath } from "./media-handler";

const id = "0123456789abcdef0123456789abcdef";

test("media paths name an asset by its id, in the sizes and metrics that exist", () => {
  expect(parseMediaPath(`/media/picture/${id}`)).toEqual({ kind: "picture", assetId: id });
  expect(parseMediaPath(`/media/thumbnail/256/${id}`)).toEqual({ kind: "thumbnail", assetId: id, size: 256 });
  expect(parseMediaPath(`/media/tokens/starter-style/${id}`)).toEqual({ kind: "tokens", assetId: id, metric: "starter-style" });
});

test.each([
  "/media/picture/..%2f..%2fetc%2fpasswd",
  "/media/picture/../../etc/passwd",
  `/media/picture/${id}/..`,
  `/media/picture/${id.toUpperCase()}`,
  `/media/picture/${id}.png`,
  `/media/picture/${id}\n`,
  `/media/picture/x/${id}`,
  `/media/thumbnail/257/${id}`,
  `/media/thumbnail/${id}`,
  `/media/tokens/No%20Metric/${id}`,
  `/media/tokens/../${id}`,
  `/other/picture/${id}`,
  "",
])("%j is no media path", (path) => expect(parseMediaPath(path)).toBeNull());
