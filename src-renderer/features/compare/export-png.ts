/** @file The comparison as a picture: both images with their maps and marks, and the facts that make it readable later. */
import type { RampTable } from "../../charts/scales";
import { paintValues } from "../../charts/scales";
import type { PairMaps, SideMap } from "./maps";
import type { PatchMatch } from "./matches";
import type { TokenGrid } from "#shared/domain/score";
import { type FractionBox, type PaneSide, paneSides, tileBox, tileCentre } from "./tile";

export interface ComparisonSide {
  readonly image: CanvasImageSource & { readonly naturalWidth: number; readonly naturalHeight: number };
  readonly name: string;
  readonly area: FractionBox;
  readonly grid: TokenGrid | null;
}

export interface ComparisonPicture {
  readonly sides: Readonly<Record<PaneSide, ComparisonSide>>;
  readonly maps: PairMaps | null;
  readonly matches: readonly PatchMatch[];
  readonly table: RampTable;
  readonly opacity: number;
  /** Lines below the pictures: score, metric, model, what the colours mean. */
  readonly facts: readonly string[];
}

const height = 800;
const gap = 16;
const lineHeight = 24;

/** Draws the comparison at 800 px picture height. Throws when the browser cannot encode it. */
export async function comparisonPng({ sides, maps, matches, table, opacity, facts }: ComparisonPicture): Promise<Blob> {
  const widths = paneSides.map((side) => Math.round((height * sides[side].image.naturalWidth) / sides[side].image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = gap + widths.reduce((sum, width) => sum + width + gap, 0);
  canvas.height = gap * 2 + lineHeight + height + facts.length * lineHeight + gap;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser cannot draw pictures");
  context.fillStyle = "#1f1f1f";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = "15px system-ui, sans-serif";
  context.textBaseline = "top";
  const boxes = new Map<PaneSide, DOMRect>();
  let left = gap;
  for (const [index, side] of paneSides.entries()) {
    const box = new DOMRect(left, gap + lineHeight, widths[index] ?? 0, height);
    boxes.set(side, box);
    drawSide(context, box, { side, own: sides[side], map: maps?.[side] ?? null, maps, table, opacity });
    left += box.width + gap;
  }
  drawMatches(context, boxes, sides, matches);
  context.fillStyle = "#e8e8e8";
  for (const [index, fact] of facts.entries()) context.fillText(fact, gap, gap * 2 + lineHeight + height + index * lineHeight);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error("The picture could not be encoded")) : resolve(blob)), "image/png"),
  );
}

interface SideDrawing {
  readonly side: PaneSide;
  readonly own: ComparisonSide;
  readonly map: SideMap | null;
  readonly maps: PairMaps | null;
  readonly table: RampTable;
  readonly opacity: number;
}

function drawSide(context: CanvasRenderingContext2D, box: DOMRect, { side, own, map, maps, table, opacity }: SideDrawing): void {
  context.fillStyle = "#e8e8e8";
  context.fillText(`${side.toUpperCase()}  ${own.name}`, box.x, gap);
  context.drawImage(own.image, box.x, box.y, box.width, box.height);
  if (map === null || maps === null) return;
  const area = placed(own.area, box);
  context.globalAlpha = opacity;
  context.imageSmoothingQuality = "high";
  context.drawImage(mapCanvas(map, maps, table), area.x, area.y, area.width, area.height);
  context.globalAlpha = 1;
  if (map.marked === null) return;
  const mark = placed(tileBox(map.marked.tile, map.grid, own.area), box);
  const style = getComputedStyle(document.documentElement);
  outline(context, mark, style.getPropertyValue(map.marked.kind === "read" ? "--mark-pin" : "--mark-best"));
}

function outline(context: CanvasRenderingContext2D, box: DOMRect, color: string): void {
  for (const [width, stroke] of [
    [6, "#000"],
    [3, color],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = stroke;
    context.strokeRect(box.x - 1, box.y - 1, box.width + 2, box.height + 2);
  }
}

function mapCanvas({ grid, values }: SideMap, { range }: PairMaps, table: RampTable): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = grid.columns;
  canvas.height = grid.rows;
  const context = canvas.getContext("2d");
  if (context === null) return canvas;
  const pixels = context.createImageData(grid.columns, grid.rows);
  paintValues(values, range, table, pixels.data);
  context.putImageData(pixels, 0, 0);
  return canvas;
}

function drawMatches(
  context: CanvasRenderingContext2D,
  boxes: ReadonlyMap<PaneSide, DOMRect>,
  sides: ComparisonPicture["sides"],
  matches: readonly PatchMatch[],
): void {
  const pointOf = (side: PaneSide, tile: number): DOMPoint | null => {
    const { grid, area } = sides[side];
    const box = boxes.get(side);
    if (grid === null || box === undefined) return null;
    const { x, y } = tileCentre(tile, grid, area);
    return new DOMPoint(box.x + x * box.width, box.y + y * box.height);
  };
  for (const [index, match] of matches.entries()) {
    const from = pointOf("a", match.a);
    const to = pointOf("b", match.b);
    if (from === null || to === null) continue;
    line(context, from, to);
    for (const point of [from, to]) numberedDot(context, point, index + 1);
  }
}

function line(context: CanvasRenderingContext2D, from: DOMPoint, to: DOMPoint): void {
  for (const [width, stroke] of [
    [5, "#000"],
    [2.5, "#64bced"],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = stroke;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
}

function numberedDot(context: CanvasRenderingContext2D, { x, y }: DOMPoint, number: number): void {
  context.fillStyle = "#000";
  context.strokeStyle = "#fff";
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, 12, 0, Math.PI * 2);
  context.fill();
  context.stroke();
  context.fillStyle = "#fff";
  context.fillText(String(number), x - context.measureText(String(number)).width / 2, y - 8);
}

function placed(box: FractionBox, frame: DOMRect): DOMRect {
  return new DOMRect(frame.x + box.x * frame.width, frame.y + box.y * frame.height, box.width * frame.width, box.height * frame.height);
}
