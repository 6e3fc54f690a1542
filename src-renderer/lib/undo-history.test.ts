import { beforeEach, expect, test } from "vitest";
import { type UndoStep, rememberStep, takeStep, useUndoHistory } from "./undo-history";

const step = (title: string): UndoStep => ({ title, takeBack: () => Promise.resolve() });

beforeEach(() => useUndoHistory.setState({ steps: [] }));

test("steps are taken back from the last, or by name from anywhere, each once", () => {
  const [first, second, third] = [step("1"), step("2"), step("3")];
  for (const each of [first, second, third]) rememberStep(each);
  expect([takeStep(second), takeStep(second), takeStep(), takeStep(), takeStep()]).toEqual([second, null, third, first, null]);
});

test("a hundred steps are remembered", () => {
  for (let index = 0; index < 130; index += 1) rememberStep(step(String(index)));
  const { steps } = useUndoHistory.getState();
  expect([steps.length, steps[0]?.title, steps.at(-1)?.title]).toEqual([100, "30", "129"]);
});
