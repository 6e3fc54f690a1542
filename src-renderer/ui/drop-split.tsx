/** @file Files dragged over the window: the work area splits in two targets. */
import { type DragEvent, type ReactNode, useEffect, useState } from "react";
import { cn } from "../lib/class-names";

export interface DropTarget {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly onDrop: (files: DataTransfer) => void;
}

export interface DropSplitProps {
  /** The two targets for so many dragged files. */
  readonly targetsFor: (count: number) => readonly [DropTarget, DropTarget];
}

/** Appears while files are dragged over the window. */
export function DropSplit({ targetsFor }: DropSplitProps): ReactNode {
  const [count, setCount] = useState<number | null>(null);
  const [over, setOver] = useState<string | null>(null);
  useFileDrags(setCount);
  if (count === null) return null;
  const drop = (event: DragEvent, target: DropTarget): void => {
    event.preventDefault();
    setCount(null);
    setOver(null);
    target.onDrop(event.dataTransfer);
  };
  return (
    <div className="absolute inset-0 z-30 grid grid-cols-2 gap-3 bg-[rgb(20_20_20/.82)] p-6">
      {targetsFor(Math.max(1, count)).map((target) => (
        <div
          key={target.id}
          onDragOver={(event) => {
            event.preventDefault();
            event.dataTransfer.dropEffect = "copy";
            setOver(target.id);
          }}
          onDrop={(event) => drop(event, target)}
          className={cn(
            "grid place-items-center rounded-lg border border-dashed border-[#cfcfcf] text-center text-[#eee]",
            over === target.id && "border-solid bg-white/8",
          )}
        >
          <div className="pointer-events-none">
            <div className="text-sm font-semibold">{target.title}</div>
            <div className="mt-1 opacity-80">{target.note}</div>
          </div>
        </div>
      ))}
    </div>
  );
}

/** The folder among what was dropped; null when there are only files. To be asked for while the drop is handled. */
export function droppedFolder(files: DataTransfer): FileSystemDirectoryEntry | null {
  const entries = [...files.items].map((item) => item.webkitGetAsEntry());
  return (entries.find((entry) => entry?.isDirectory) as FileSystemDirectoryEntry | undefined) ?? null;
}

/** Reports how many files are dragged over the window, null when the drag has left or ended. */
function useFileDrags(report: (count: number | null) => void): void {
  useEffect(() => {
    let depth = 0;
    const onEnter = (event: globalThis.DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      depth += 1;
      report(event.dataTransfer.items.length);
    };
    const onLeave = (): void => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) report(null);
    };
    // A file dropped beside the targets must not replace the page.
    const onOver = (event: globalThis.DragEvent): void => event.preventDefault();
    const onDrop = (event: globalThis.DragEvent): void => {
      event.preventDefault();
      depth = 0;
      report(null);
    };
    const listeners = { dragenter: onEnter, dragleave: onLeave, dragover: onOver, drop: onDrop } as const;
    for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name, listener as EventListener);
    };
  }, [report]);
}
