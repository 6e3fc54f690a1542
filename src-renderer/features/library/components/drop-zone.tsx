/** @file Dropped and pasted files: the work area splits in two, one half to add a folder, one to find what is alike. */
import { type DragEvent, type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "../../../lib/class-names";
import { useChooseFolders, useFindOutside } from "../use-library";

type Target = "folder" | "find";

/** Appears while files are dragged over the window; listens for pasted pictures. */
export function DropZone(): ReactNode {
  const { t } = useTranslation();
  const [count, setCount] = useState<number | null>(null);
  const [over, setOver] = useState<Target | null>(null);
  const { findOutside } = useFindOutside();
  const chooseFolders = useChooseFolders();
  useFileDrags(setCount);
  usePastedImages(findOutside);
  if (count === null) return null;

  const drop = (target: Target) => (event: DragEvent) => {
    event.preventDefault();
    setCount(null);
    setOver(null);
    const folder = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).find((entry) => entry?.isDirectory);
    // A page never learns where a dropped folder lies, so the person shows it once more.
    if (folder || target === "folder")
      chooseFolders({ kind: "root", ...(folder ? { note: t("library.dropLocate", { name: folder.name }) } : {}) });
    else findOutside(event.dataTransfer.files);
  };
  const half = (target: Target, title: string, note: string): ReactNode => (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        setOver(target);
      }}
      onDrop={drop(target)}
      className={cn(
        "grid place-items-center rounded-lg border border-dashed border-[#cfcfcf] text-center text-[#eee]",
        over === target && "border-solid bg-white/8",
      )}
    >
      <div className="pointer-events-none">
        <div className="text-sm font-semibold">{title}</div>
        <div className="mt-1 opacity-80">{note}</div>
      </div>
    </div>
  );
  return (
    <div className="absolute inset-0 z-30 grid grid-cols-2 gap-3 bg-[rgb(20_20_20/.82)] p-6">
      {half("folder", t("library.dropFolder"), t("library.dropFolderNote"))}
      {half("find", t("library.dropFind", { count: Math.max(1, count) }), t("library.dropFindNote"))}
    </div>
  );
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

function usePastedImages(use: (files: readonly File[]) => void): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      use(files);
    };
    window.addEventListener("paste", onPaste);
    return () => window.removeEventListener("paste", onPaste);
  }, [use]);
}
