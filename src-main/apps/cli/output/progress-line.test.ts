import { expect, test } from "vitest";
import { countText, createProgressLine } from "./progress-line";

test("what is done, of how much, and how long the rest takes at this pace", () => {
  expect(countText(0, 60, { what: "judgements", elapsedSeconds: 0 })).toBe("0/60 judgements");
  expect(countText(20, 60, { what: "judgements", elapsedSeconds: 90 })).toBe("20/60 judgements  3 min left");
  expect(countText(60, 60, { what: "pairs", elapsedSeconds: 90 })).toBe("60/60 pairs");
});

test("a terminal gets a bar that is redrawn and removed; other readers a line now and then; the quiet nothing", () => {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text), isTTY: true };
  const terminal = createProgressLine(stream, false);
  terminal.count(1, 2, "pairs");
  terminal.clear();
  expect(written.join("")).toBe("\r\u001b[2K[############------------] 1/2 pairs\r\u001b[2K");
  written.length = 0;
  const file = createProgressLine({ ...stream, isTTY: false }, false);
  file.count(1, 2, "pairs");
  file.count(2, 2, "pairs");
  createProgressLine(stream, true).count(1, 2, "pairs");
  expect(written).toEqual(["1/2 pairs\n"]);
});
