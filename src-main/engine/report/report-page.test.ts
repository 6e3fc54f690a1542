/** @file The page of a report made of plain scores: what it must say, and that nothing in a name or a title is markup. */
import { describe, expect, test } from "vitest";
import type { CheckResult } from "#shared/domain/check";
import { splitCheck } from "#shared/domain/check-split";
import { checkResultOf, measuredOf } from "../../../tests/support/checks";
import { checkDocument } from "./check-document";
import { checkCsv } from "./check-table";
import type { FinishedCheck } from "./finished-check";
import { reportPage } from "./report-page";
import { withoutSharedFolder } from "./report-source";
import { drawScoreMatrix } from "./score-matrix";

const references = [
  [1, 0.8, 0.7],
  [0.8, 1, 0.75],
  [0.7, 0.75, 1],
];
const impostors = Array.from({ length: 100 }, (_, index) => [index / 400, index / 500, index / 450]);
const candidates = [
  [0.9, 0.8, 0.7],
  [0.1, 0.2, null],
  [0.5, 0.4, 0.3],
];

function finished(change: Partial<CheckResult> = {}): FinishedCheck {
  const result = { ...checkResultOf([measuredOf({ references, candidates, impostors, random: [0.1, 0.2] })], [0, null, null]), ...change };
  const settings = { combine: "mean" as const, cutoffs: [], byHand: new Map() };
  return {
    result,
    settings,
    split: splitCheck(result, settings),
    pathsOf: new Map(),
    nearestImpostors: [{ path: "/pictures/<i>near</i>.png", score: 0.2 }],
    bundledImpostors: 3,
    blindSpots: ["colour"],
  };
}

async function pageOf(check: FinishedCheck, title = "Check"): Promise<string> {
  const [measured] = check.result.measures;
  const order = check.split.rows.map(({ candidate }) => candidate);
  const matrix = measured === undefined ? null : await drawScoreMatrix(measured, order);
  return reportPage({ check, document: checkDocument(check), title, madeAt: new Date(0), pictures: new Map() }, [matrix]);
}

describe("the page", () => {
  test("says what its measures cannot see, whose the impostors are, and when it was made", async () => {
    const page = (await pageOf(finished())).replaceAll(/\s+/g, " ");
    expect(page).toContain("No measure of this check sees colour well: a change of colour alone may go unnoticed.");
    expect(page).toContain("3 of the pictures to tell apart from come with the program");
    expect(page).toContain("1970-01-01 00:00 UTC");
    expect(page).toContain("Nearly equals a reference");
  });

  test("has names as text", async () => {
    const check = finished();
    const name = `<img src=x onerror=alert(1)>"'&.png`;
    const [first, ...others] = check.result.candidates;
    const hostile = finished({ candidates: [{ ...(first as CheckResult["candidates"][number]), path: `/pictures/${name}` }, ...others] });
    const page = await pageOf(hostile, "</title><script>alert(1)</script>\u0000");
    expect(page).not.toMatch(/<script|<img src=x|<i>/i);
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;&apos;&amp;.png");
    expect(page).toContain("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;\uFFFD");
  });

  test("is one of no candidates too", async () => {
    const check = finished({ candidates: [], copies: [], measures: [measuredOf({ references, impostors })] });
    const page = reportPage({ check, document: checkDocument(check), title: "None", madeAt: new Date(0), pictures: new Map() }, [null]);
    expect(page.replaceAll(/\s+/g, " ")).toContain("0 candidates were compared with 3 references");
  });
});

test("the matrix has a pixel a score, dark for low and white for none", async () => {
  const { picture, range } = await drawScoreMatrix(measuredOf({ references, candidates, impostors }), [0, 2, 1]);
  expect(range).toEqual({ min: 0.1, max: 0.9 });
  expect(picture).toMatch(/^data:image\/png;base64,/);
});

test("the table leaves empty what nobody knows", () => {
  const lines = checkCsv(finished()).trimEnd().split("\r\n");
  expect(lines).toHaveLength(4);
  expect(lines.find((line) => line.startsWith("/pictures/picture-1.png"))).toMatch(/,0\.1,0\.2,$/);
});

test("paths are shown from the folder they share", () => {
  const shown = withoutSharedFolder(["/a/b/c/one.png", "/a/b/d/two.png", "/a/bb/three.png"]);
  expect(["/a/b/c/one.png", "/a/bb/three.png"].map(shown)).toEqual(["b/c/one.png", "bb/three.png"]);
  expect(withoutSharedFolder(["/one.png", "/a/two.png"])("/a/two.png")).toBe("a/two.png");
});
