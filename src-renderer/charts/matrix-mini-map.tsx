/** @file The whole of a large matrix, small, with a frame around the part that is shown. */
import type { PointerEvent, ReactNode } from "react";
import { MatrixCanvas, type MatrixPixelsProps } from "./matrix-canvas";
import { centredOn, type MatrixWindow, wholeWindow } from "./matrix-window";

export interface MatrixMiniMapProps extends MatrixPixelsProps {
  readonly window: MatrixWindow;
  readonly setWindow: (change: (known: MatrixWindow) => MatrixWindow) => void;
  readonly label: string;
}

/** In the lower right corner; a press or a drag moves the frame. Keys need it not: the shown part follows the cell. */
export function MatrixMiniMap({ window, setWindow, label, ...pixels }: MatrixMiniMapProps): ReactNode {
  const { count } = pixels;
  const percent = (cells: number): string => `${(100 * cells) / count}%`;
  const follow = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
    setWindow((known) => centredOn(known, count, at));
  };
  return (
    <div
      role="img"
      aria-label={label}
      className="absolute right-1.5 bottom-1.5 size-18 cursor-pointer touch-none overflow-hidden border border-line-strong bg-well"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        follow(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && follow(event)}
    >
      <MatrixCanvas {...pixels} window={wholeWindow(count)} />
      <span
        className="absolute box-border border-2 border-white outline outline-black"
        style={{ left: percent(window.left), top: percent(window.top), width: percent(window.size), height: percent(window.size) }}
      />
    </div>
  );
}
