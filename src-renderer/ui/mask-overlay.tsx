/** @file What does not count of a picture, dimmed, with a line around what does. */
import { type ReactNode, useLayoutEffect, useMemo, useRef } from "react";
import { type Mask, type MaskPixels, unpackMask } from "#shared/domain/mask";

/** Fills its box, which has the shape of the picture. `label` says in words what is shown. */
export function MaskOverlay({ mask, label }: { readonly mask: Mask; readonly label: string }): ReactNode {
  const pixels = useMemo(() => unpackMask(mask), [mask]);
  return <MaskCanvas pixels={pixels} label={label} />;
}

/** The same for pixels that are being painted. */
export function MaskCanvas({ pixels, label }: { readonly pixels: MaskPixels; readonly label: string }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(pixels.width, pixels.height);
    paintMask(pixels, image.data);
    context.putImageData(image, 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={canvas}
      width={pixels.width}
      height={pixels.height}
      role="img"
      aria-label={label}
      className="pointer-events-none absolute inset-0 block size-full"
    />
  );
}

/** White and a little of black, so that the line is seen on any picture. */
const dimmed = [0, 0, 0, 158] as const;
const edge = [255, 255, 255, 235] as const;

function paintMask({ width, height, data }: MaskPixels, target: Uint8ClampedArray): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = y * width + x;
      if (data[place] === 0) target.set(isNextTo({ width, height, data }, x, y) ? edge : dimmed, 4 * place);
    }
  }
}

/** Whether a pixel that does not count touches one that does. */
function isNextTo({ width, height, data }: MaskPixels, x: number, y: number): boolean {
  const counts = (column: number, row: number): boolean =>
    column >= 0 && row >= 0 && column < width && row < height && data[row * width + column] === 1;
  return counts(x - 1, y) || counts(x + 1, y) || counts(x, y - 1) || counts(x, y + 1);
}
