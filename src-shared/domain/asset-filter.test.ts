import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "./app-error";
import { allOf, conjunctsOf, type FilterExpression } from "./asset-filter";
import { toggleFilterValue } from "./asset-filter-edit";
import { filterField, filterFieldNames, type FilterFieldName, type FilterSubject } from "./asset-filter-fields";
import { formatFilter } from "./asset-filter-format";
import { filterTest } from "./asset-filter-match";
import { parseFilter } from "./asset-filter-parse";
import { exactPattern, timeSpan } from "./asset-filter-values";

const fox: FilterSubject = {
  paths: ["/pictures/ink/Fox 2.png", "/elsewhere/copy.png"],
  sizeBytes: 2_500_000,
  modifiedMs: new Date(2026, 2, 4, 10).getTime(),
  width: 1536,
  height: 1024,
  format: "png",
  annotation: { tags: ["Ink", "a*b"], rating: 4, flag: "picked" },
  account: {
    generation: {
      generator: "comfyui",
      model: "sdxl-base.safetensors",
      modelHash: null,
      loras: [{ name: "inkstyle", weight: 0.8 }],
      sampler: "euler",
      scheduler: null,
      steps: 30,
      cfgScale: 6.5,
      seed: "18446744073709551615",
      prompt: "a FÓX in the snow",
      negativePrompt: null,
    },
    capture: {
      camera: "Nikon Z6",
      lens: null,
      takenMs: new Date(2026, 0, 31, 23, 59).getTime(),
      exposureSeconds: 0.01,
      fNumber: 2.8,
      iso: 400,
      focalLengthMm: 50,
    },
    description: { title: null, caption: null, creator: "Ada", copyright: null, keywords: ["snow"], rating: null },
  },
  palette: [
    { colour: "#c23a30", share: 0.8 },
    { colour: "#ffffff", share: 0.17 },
    { colour: "#00ff00", share: 0.03 },
  ],
  isMeasured: true,
  isMissing: false,
};
const plain: FilterSubject = { ...fox, annotation: { tags: [], rating: null, flag: null }, account: null, palette: [], isMeasured: false };

const passes = (text: string, subject = fox): boolean => {
  const filter = parseFilter(text);
  return filter === null || filterTest(filter)(subject);
};
const faultOf = (text: string): AppError => {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error(`${text} was understood`);
};

describe("what passes", () => {
  test.each([
    "",
    'rating >= 4 and (tag:"ink" or model = "sd15*") and not flag = rejected',
    "tag = INK",
    'tag = "a[*]b"',
    "tag:a*",
    "model = sdxl*",
    "model = *.safetensors",
    "model = s*l*s",
    "prompt ~ fóx",
    'prompt ~ "fóx*snow"',
    "lora = inkstyle",
    "seed = 18446744073709551615",
    "format in (webp, png)",
    "FORMAT = PNG AND width > 1000",
    "folder = /pictures",
    'folder = "/pictures/ink/"',
    "folder = ink",
    "folder = *ink",
    "folder = /",
    'name = "fox *.png"',
    "path ~ elsewhere",
    "size > 2MB",
    "size <= 2500kB",
    "megapixels < 1.6",
    "aspect = 1.5",
    "orientation = landscape",
    "taken = 2026",
    "taken = 2026-01",
    "taken = 2026-01-31",
    'taken = "2026-01-31 23:59"',
    "taken >= 2026-01",
    "taken <= 2026-01-31",
    "taken < 2026-02 and not taken < 2026-01-31",
    "date = 2026-01 and modified > 2026-02",
    "colour = red",
    "color = white",
    "colour != green",
    "colour ~ #c04030",
    "colour in (blue, red)",
    "has:prompt and not has:title",
    "measured = yes and missing = no",
    "title != anything",
    "rating != 3",
    "cfg = 6.50 and steps in (20, 30)",
    "not not flag = picked",
    "keyword='snow'",
  ])("%s", (text) => {
    expect(passes(text)).toBe(true);
  });

  test.each([
    "rating > 4",
    "tag = ink*x",
    "tag = a[*]",
    "model = sdxl",
    "model = *xl-bas",
    "prompt = fóx",
    'prompt ~ "snow*fóx"',
    "folder = /pict",
    "folder = /pictures/ink/Fox",
    "folder = nk",
    "taken > 2026-01",
    "taken < 2026-01-31",
    "colour = green",
    "colour ~ #000000",
    "title = anything",
    "has:title",
    "format in (webp, gif)",
    "rating = 4 and rating = 5 or flag = rejected",
    "not (rating = 4 or rating = 5)",
  ])("not by %s", (text) => {
    expect(passes(text)).toBe(false);
  });

  test("what is not known passes no comparison, but its opposite", () => {
    for (const text of ["rating < 6", "prompt ~ a", "taken > 1900", "colour = red", "has:tag", "tag = *", "iso > 0"])
      expect([passes(text, plain), passes(`not ${text}`, plain)]).toEqual([false, true]);
    expect(passes("date = 2026-03 and measured = no", plain)).toBe(true);
  });

  test("a long pattern of stars takes no longer than its length", () => {
    const long = { ...fox, annotation: { ...fox.annotation, tags: ["a".repeat(100_000)] } };
    expect(passes(`tag = "${"a*".repeat(50)}b"`, long)).toBe(false);
  });
});

describe("what is told", () => {
  test.each([
    ["raitng > 3", /^The filter has no field "raitng" \(character 1\)\.$/],
    ["rating > 3 and has:promt", /^The filter has no field "promt" \(character 20\)\.$/],
    ["rating ~ 3", /at character 8: rating is compared with = != < <= > >=, not with ~\.$/],
    ["rating = four", /at character 10: rating is a number, not "four"\.$/],
    ["flag = chosen", /flag is one of picked, rejected, not "chosen"\.$/],
    ["taken = 2026-02-30", /taken is a date such as 2026, 2026-01 or 2026-01-31, not "2026-02-30"\.$/],
    ["colour = beige", /colour is a colour such as #c04030 or one of black, /],
    ["size > 2 parsecs", /expected "and" or "or" before "parsecs"\.$/],
    ["rating", /expected a comparison such as = or ~ after rating, at the end\.$/],
    ["rating >", /at character 9: expected a value for rating at the end\.$/],
    ['tag = "ink', /at character 7: the quote " is not closed\.$/],
    ['tag = ""', /tag is compared with nothing; write has:tag for any\.$/],
    ["(rating = 3", /expected "\)" at the end\.$/],
    ["rating = 3)", /expected "and" or "or" before "\)"\.$/],
    ["format in png", /expected "\(" after format in, before "png"\.$/],
    ["format in (png webp)", /expected "," or "\)" before "webp\)"\.$/],
    ["rating = 3 and", /expected the name of a field at the end\.$/],
    ["has prompt", /expected ":" and a field after "has"\.$/],
    [`${"(".repeat(300)}rating = 3`, /more than 200 levels/],
  ])("%s", (text, sentence) => {
    const error = faultOf(text);
    expect([error.code, error.message.split("\n").length]).toEqual(["usage/invalid", 1]);
    expect(error.message).toMatch(sentence);
  });

  test("the nearest field is named, and all of them", () => {
    expect(faultOf("raitng > 3").hint).toBe(`The nearest is rating. Fields: ${filterFieldNames.join(", ")}.`);
  });

  test("law: any text is a filter or one sentence", () => {
    const pieces = fc.constantFrom(
      "rating",
      "tag",
      "and",
      "or",
      "not",
      "in",
      "has",
      "(",
      ")",
      "=",
      "~",
      ">=",
      ":",
      ",",
      '"',
      "'",
      " ",
      "4",
      "x*",
      "2026-01",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(" ")),
        ),
        (text) => {
          try {
            parseFilter(text);
          } catch (error) {
            expect(error).toMatchObject({ name: "AppError", code: "usage/invalid" });
          }
        },
      ),
    );
  });
});

const valuesOf = (field: FilterFieldName): fc.Arbitrary<string> => {
  const { kind } = filterField(field);
  switch (kind) {
    case "text":
    case "folder":
      return fc.oneof(
        fc.constantFrom("ink", "Ink", "sdxl*", "a[*]b", "and", "or", 'say "x"', "it's", " ", "/pictures"),
        fc.string({ minLength: 1 }),
      );
    case "choice": {
      const known = filterField(field);
      return fc.constantFrom(...(known.kind === "choice" ? known.choices : []));
    }
    case "number":
      return fc.constantFrom("0", "4", "5", "-1.5", "1536", ".5");
    case "bytes":
      return fc.constantFrom("0", "2MB", "2500 kB");
    case "date":
      return fc.constantFrom("2026", "2026-01", "2026-01-31", "2026-01-31T23:59", "2026-01-31 23:59");
    case "colour":
      return fc.constantFrom("red", "white", "#c04030", "grey");
  }
};
const comparisonsOf = (field: FilterFieldName) => {
  const { kind } = filterField(field);
  if (kind === "number" || kind === "bytes" || kind === "date") return fc.constantFrom("=", "!=", "<", "<=", ">", ">=" as const);
  return kind === "choice" ? fc.constantFrom("=", "!=" as const) : fc.constantFrom("=", "!=", "~" as const);
};
const conditionArbitrary: fc.Arbitrary<FilterExpression> = fc.constantFrom(...filterFieldNames).chain((field) =>
  fc.oneof(
    fc.record({
      kind: fc.constant("compare" as const),
      field: fc.constant(field),
      operator: comparisonsOf(field),
      value: valuesOf(field),
    }),
    fc.record({
      kind: fc.constant("in" as const),
      field: fc.constant(field),
      values: fc.array(valuesOf(field), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("has" as const), field: fc.constant(field) }),
  ),
);
const { expression: expressionArbitrary } = fc.letrec<{ expression: FilterExpression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    conditionArbitrary,
    fc.record({ kind: fc.constantFrom("and" as const, "or" as const), parts: fc.array(tie("expression"), { minLength: 2, maxLength: 3 }) }),
    fc.record({ kind: fc.constant("not" as const), part: tie("expression") }),
  ),
}));
const subjectArbitrary: fc.Arbitrary<FilterSubject> = fc
  .record({
    isDescribed: fc.boolean(),
    tags: fc.uniqueArray(fc.constantFrom("ink", "sdxl x", "a*b", "and"), { maxLength: 2 }),
    rating: fc.option(fc.integer({ min: 1, max: 5 })),
    width: fc.constantFrom(100, 1536),
  })
  .map(({ isDescribed, tags, rating, width }) => ({
    ...fox,
    width,
    annotation: { tags, rating, flag: null },
    account: isDescribed ? fox.account : null,
    palette: isDescribed ? fox.palette : [],
  }));

describe("laws", () => {
  test("a filter is read as it was written", () => {
    fc.assert(
      fc.property(expressionArbitrary, (expression) => {
        expect(parseFilter(formatFilter(expression))).toEqual(expression);
      }),
    );
  });

  test("and, or, not: two truth values, De Morgan, double negation", () => {
    fc.assert(
      fc.property(expressionArbitrary, expressionArbitrary, subjectArbitrary, (a, b, subject) => {
        const holds = (expression: FilterExpression): boolean => filterTest(expression)(subject);
        const not = (part: FilterExpression): FilterExpression => ({ kind: "not", part });
        const both: FilterExpression = { kind: "and", parts: [a, b] };
        const either: FilterExpression = { kind: "or", parts: [a, b] };
        expect(holds(both)).toBe(holds(a) && holds(b));
        expect(holds(either)).toBe(holds(a) || holds(b));
        expect(holds(not(both))).toBe(holds({ kind: "or", parts: [not(a), not(b)] }));
        expect(holds(not(either))).toBe(holds({ kind: "and", parts: [not(a), not(b)] }));
        expect(holds(not(not(a)))).toBe(holds(a));
        expect(conjunctsOf(both).every(holds)).toBe(holds(both));
      }),
    );
  });

  test("a list is the same as its values joined by or, and != is not =", () => {
    fc.assert(
      fc.property(conditionArbitrary, subjectArbitrary, (condition, subject) => {
        fc.pre(condition.kind === "in");
        if (condition.kind !== "in") return;
        const { field, values } = condition;
        const equal = values.map((value): FilterExpression => ({ kind: "compare", field, operator: "=", value }));
        const unequal = values.map((value): FilterExpression => ({ kind: "compare", field, operator: "!=", value }));
        const holds = filterTest(condition)(subject);
        expect(equal.some((each) => filterTest(each)(subject))).toBe(holds);
        expect(unequal.every((each) => filterTest(each)(subject))).toBe(!holds);
      }),
    );
  });

  test("a value that is toggled twice leaves no trace, and once asks for it exactly", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 10 }),
        fc.constantFrom(null, "rating >= 4", "tag = x", "tag in (x, y) and flag = picked"),
        (tag, where) => {
          fc.pre(!["x", "y"].includes(tag.toLowerCase()));
          const once = toggleFilterValue(where, "tag", tag);
          const subject = { ...fox, annotation: { ...fox.annotation, tags: [tag] } };
          expect(filterTest(parseFilter(once ?? "") as FilterExpression)(subject)).toBe(true);
          expect(toggleFilterValue(once, "tag", tag)).toBe(formatFilter(parseFilter(where ?? "")) || null);
        },
      ),
    );
  });
});

test("toggling keeps the rest of a filter", () => {
  expect(toggleFilterValue(null, "model", "sdxl")).toBe("model = sdxl");
  expect(toggleFilterValue("rating >= 4 and model = sdxl", "model", "flux dev")).toBe('rating >= 4 and model in (sdxl, "flux dev")');
  expect(toggleFilterValue("model in (sdxl, flux) and rating >= 4", "model", "SDXL")).toBe("model = flux and rating >= 4");
  expect(toggleFilterValue("model = a or model = b", "model", "c")).toBe("model in (a, b, c)");
  expect(toggleFilterValue("model = a or rating = 3", "model", "c")).toBe("(model = a or rating = 3) and model = c");
  expect(toggleFilterValue("model = a", "model", "a")).toBeNull();
  expect(toggleFilterValue(null, "tag", "a*b")).toBe(`tag = "${exactPattern("a*b")}"`);
});

test("no condition is no filter", () => {
  expect([parseFilter("  "), allOf([]), formatFilter(null)]).toEqual([null, null, ""]);
});

test("spans of time end where the next begins", () => {
  expect(timeSpan("2026-12")?.untilMs).toBe(timeSpan("2027")?.fromMs);
  expect(timeSpan("2024-02-29")?.untilMs).toBe(timeSpan("2024-03-01")?.fromMs);
  expect(timeSpan("2026-01-31T23:59")?.untilMs).toBe(timeSpan("2026-02")?.fromMs);
  expect([timeSpan("2026-13"), timeSpan("2023-02-29"), timeSpan("2026-01-01T24:00"), timeSpan("26")]).toEqual([null, null, null, null]);
});
