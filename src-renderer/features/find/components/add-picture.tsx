/** @file Ways to put a picture into the question: choose, drop, paste, or what is selected in the library. */
import { Images, Plus } from "lucide-react";
import { type DragEvent, type ReactNode, useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { droppedAsset, holdsPicture } from "../../../lib/asset-drag";
import { imageFiles } from "../../../lib/outside-image";
import { useSelection } from "../../../lib/selection";
import { Button } from "../../../ui/button";
import { editQuery, useFind } from "../find-state";
import { addFiles as addFilesToQuery } from "../queries";

/** A dashed button that opens the file chooser, and one that takes over the selection of the library. */
export function AddPicture(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="mt-1 grid gap-1">
      <ChooseFile label={t("find.dropPasteChoose")} className="w-full border border-dashed border-control-line" />
      <AddSelected />
    </div>
  );
}

/** Adds files and says which ones were no pictures. */
function useAddFiles(): (files: readonly File[]) => void {
  const { t } = useTranslation();
  return useCallback((files) => void addFilesToQuery(files, (name) => t("find.fileRefused", { name })), [t]);
}

/** A button that opens the file chooser and adds what was chosen. */
export function ChooseFile({
  label,
  className,
  isPrimary = false,
}: {
  readonly label: string;
  readonly className?: string;
  readonly isPrimary?: boolean;
}): ReactNode {
  const addFiles = useAddFiles();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        variant={isPrimary ? "primary" : "ghost"}
        icon={Plus}
        onClick={() => input.current?.click()}
        {...(className === undefined ? {} : { className })}
      >
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label={label}
        onChange={(event) => {
          addFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}

/** Takes the library's selection into the question; absent when there is nothing new in it. */
export function AddSelected(): ReactNode {
  const { t } = useTranslation();
  const selected = useSelection((state) => state.ids);
  const references = useFind((state) => state.history.present.references);
  const fresh = [...selected].filter((id) => !references.some(({ assetId }) => assetId === id));
  if (fresh.length === 0) return null;
  const add = (): void => {
    for (const assetId of fresh) editQuery({ type: "add", assetId });
  };
  return (
    <Button variant="ghost" icon={Images} className="w-full" onClick={add}>
      {t("find.addSelected", { count: fresh.length })}
    </Button>
  );
}

/** Adds pictures that are pasted anywhere in the page, unless someone is typing. */
export function usePastedPictures(): void {
  const addFiles = useAddFiles();
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const files = imageFiles(event.clipboardData?.files ?? []);
      if (files.length === 0) return;
      event.preventDefault();
      addFiles(files);
    };
    window.addEventListener("paste", onPaste);
    return () => window.removeEventListener("paste", onPaste);
  }, [addFiles]);
}

/** Handlers for a place that takes dropped files and pictures dragged from the library or the results. */
export function useDroppedPictures(): { readonly onDragOver: (event: DragEvent) => void; readonly onDrop: (event: DragEvent) => void } {
  const addFiles = useAddFiles();
  return {
    onDragOver: (event) => {
      if (!holdsPicture(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
    },
    onDrop: (event) => {
      event.preventDefault();
      event.stopPropagation();
      const assetId = droppedAsset(event);
      if (assetId !== null) editQuery({ type: "add", assetId });
      else addFiles(imageFiles(event.dataTransfer.files));
    },
  };
}
