/** @file Draws pictures side by side with a map over each, and the bare pictures above where they are wanted. */
import { resize } from "../../ml/preprocess/resize";
import type { RawImage } from "../../platform/raw-image";
import { type Box, type Canvas, createCanvas, drawOutline, drawPicture, drawTiles, type TileColours, tokenBox } from "./canvas";
import type { Rgb } from "./cividis";

const panelHeight = 512;
const widestPanel = 1024;
const gap = 12;
const paper: Rgb = [24, 24, 24];
/** Side of the box around a point. */
const pointSide = 15;
const markColours: readonly Rgb[] = [
  [255, 255, 255],
  [255, 170, 60],
  [90, 200, 250],
  [250, 110, 160],
  [130, 230, 120],
  [240, 230, 90],
  [190, 140, 255],
  [255, 120, 90],
];

/** One picture with its map. */
export interface MapPanel extends TileColours {
  readonly image: RawImage;
  /** The part of the picture the grid covers, in its pixels. */
  readonly area: Box;
  /** Tiles to outline; those at the same place of the lists of two panels get the same colour. */
  readonly outlined?: readonly number[];
  /** Tiles to outline that have no partners: all in one colour. */
  readonly flagged?: readonly number[];
  /** Places to mark, in pixels of the picture, coloured as outlined tiles are. */
  readonly points?: readonly { readonly x: number; readonly y: number }[];
}

export interface MapLayout {
  /** Whether the bare pictures are shown above the maps. */
  readonly showsPictures: boolean;
  /** Whether pictures are grey below their maps, so that a colour of the map is the same everywhere. */
  readonly isGreyBelow: boolean;
}

/** All panels as one picture. */
export function drawMaps(panels: readonly MapPanel[], { showsPictures, isGreyBelow }: MapLayout): RawImage {
  const pictures = panels.map(({ image }) => fitPanel(image));
  const rowHeight = Math.max(...pictures.map(({ height }) => height));
  const rows = showsPictures ? 2 : 1;
  const width = pictures.reduce((sum, picture) => sum + picture.width + gap, gap);
  const canvas = createCanvas(width, rows * (rowHeight + gap) + gap, paper);
  for (let row = 0; row < rows; row += 1) {
    let left = gap;
    for (const [index, panel] of panels.entries()) {
      const picture = pictures[index] ?? panel.image;
      const place: Box = { left, top: gap + row * (rowHeight + gap), width: picture.width, height: picture.height };
      const isMap = row === rows - 1;
      drawPicture(canvas, isMap && isGreyBelow ? greyOf(picture) : picture, place);
      const area = scaledBox(panel.area, panel.image, place);
      if (isMap) drawTiles(canvas, area, panel);
      drawMarks(canvas, panel, { area, place });
      left += picture.width + gap;
    }
  }
  return canvas;
}

function drawMarks(canvas: Canvas, panel: MapPanel, { area, place }: { readonly area: Box; readonly place: Box }): void {
  for (const tile of panel.flagged ?? []) drawOutline(canvas, tokenBox(tile, panel.grid, area), markColour(0));
  for (const [index, tile] of (panel.outlined ?? []).entries()) drawOutline(canvas, tokenBox(tile, panel.grid, area), markColour(index));
  for (const [index, { x, y }] of (panel.points ?? []).entries()) {
    const pixel = scaledBox({ left: x, top: y, width: 1, height: 1 }, panel.image, place);
    const half = Math.floor(pointSide / 2);
    const box = { left: pixel.left - half, top: pixel.top - half, width: pointSide, height: pointSide };
    drawOutline(canvas, box, markColour(index));
  }
}

function markColour(index: number): Rgb {
  return markColours[index % markColours.length] ?? [255, 255, 255];
}

/** Where a box of the picture lies once the picture is drawn at `place`. */
function scaledBox(box: Box, image: RawImage, place: Box): Box {
  const left = Math.round((box.left * place.width) / image.width);
  const top = Math.round((box.top * place.height) / image.height);
  return {
    left: place.left + left,
    top: place.top + top,
    width: Math.round(((box.left + box.width) * place.width) / image.width) - left,
    height: Math.round(((box.top + box.height) * place.height) / image.height) - top,
  };
}

/** A picture in grey of little contrast: enough to find one's way, too little to look like a value of the map. */
function greyOf({ width, height, data }: RawImage): RawImage {
  const grey = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 3) {
    const luma = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
    grey.fill(Math.round(64 + luma / 2), at, at + 3);
  }
  return { width, height, data: grey };
}

/** A picture scaled to the height of a panel, and narrower where it is very wide. */
function fitPanel(image: RawImage): RawImage {
  const scale = Math.min(panelHeight / image.height, widestPanel / image.width);
  const size = { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) };
  return resize(image, size, { filter: "bilinear" });
}
