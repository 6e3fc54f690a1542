/** @file The matrix by hand: what is pointed at and picked, and looking closer where there is much. */
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { MatrixHeat, type MatrixHeatProps } from "./matrix-heat";
import { rampTable } from "./scales";

const told = { onCell: vi.fn(), onPick: vi.fn(), onOpen: vi.fn(), onTable: vi.fn() };

function show(count: number, cell: MatrixHeatProps["cell"]): HTMLElement {
  render(
    <MatrixHeat
      values={new Float32Array(count ** 2)}
      count={count}
      range={{ min: 0, max: 1 }}
      table={rampTable(["#000000", "#ffffff"])}
      divider={2}
      cell={cell}
      {...told}
      words={{ label: "Matrix", miniMap: "Mini map" }}
    />,
  );
  const matrix = screen.getByRole("application", { name: "Matrix" });
  vi.spyOn(matrix, "getBoundingClientRect").mockReturnValue(new DOMRect(100, 100, 300, 300));
  return matrix;
}

const canvasWidth = (matrix: HTMLElement): string | undefined => matrix.querySelector("canvas")?.style.width;

afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

test("pointing reads a cell once, a click picks it, keys move, open and turn to the table", () => {
  const matrix = show(3, { row: 0, column: 2 });
  for (const clientX of [110, 120]) fireEvent.pointerMove(matrix, { clientX, clientY: 350 });
  expect(told.onCell.mock.calls).toEqual([[{ row: 2, column: 0 }]]);
  fireEvent.pointerDown(matrix, { button: 0, pointerId: 1, clientX: 120, clientY: 350 });
  fireEvent.pointerUp(matrix, { pointerId: 1 });
  expect(told.onPick).toHaveBeenCalledOnce();
  fireEvent.keyDown(matrix, { key: "ArrowLeft" });
  expect(told.onCell).toHaveBeenLastCalledWith({ row: 0, column: 1 });
  fireEvent.keyDown(matrix, { key: "Enter" });
  fireEvent.keyDown(matrix, { key: "T" });
  expect([told.onOpen.mock.calls.length, told.onTable.mock.calls.length]).toEqual([1, 1]);
});

test("few pictures are always shown whole", () => {
  const matrix = show(3, { row: 0, column: 0 });
  fireEvent.keyDown(matrix, { key: "+" });
  expect(canvasWidth(matrix)).toBe("100%");
  expect(screen.queryByRole("img", { name: "Mini map" })).toBeNull();
});

test("many are looked at closer by keys, with a map of the whole; a drag moves what is shown and picks nothing", () => {
  const matrix = show(600, { row: 300, column: 300 });
  fireEvent.keyDown(matrix, { key: "+" });
  expect(canvasWidth(matrix)).toBe("150%");
  expect(screen.getByRole("img", { name: "Mini map" })).toBeDefined();
  fireEvent.keyDown(matrix, { key: "+" });
  expect(Number.parseFloat(canvasWidth(matrix) ?? "")).toBeCloseTo(225, 6);
  const left = matrix.querySelector("canvas")?.style.left;
  fireEvent.pointerDown(matrix, { button: 0, pointerId: 1, clientX: 250, clientY: 250 });
  fireEvent.pointerMove(matrix, { pointerId: 1, clientX: 280, clientY: 250 });
  fireEvent.pointerUp(matrix, { pointerId: 1 });
  expect(matrix.querySelector("canvas")?.style.left).not.toBe(left);
  expect(told.onPick).not.toHaveBeenCalled();
  for (const key of ["-", "-"]) fireEvent.keyDown(matrix, { key });
  expect(screen.queryByRole("img", { name: "Mini map" })).toBeNull();
});
