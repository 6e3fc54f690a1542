/** @file Files dropped on Consistency: references at the left, candidates at the right. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import { type AppErrorShape, appError } from "#shared/domain/app-error";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { imageFiles, postOutsideImage } from "../../../lib/outside-image";
import { rememberOutsidePicture } from "../../../lib/pictures";
import { DropSplit, droppedFolder } from "../../../ui/drop-split";
import { notifyError } from "../../../ui/toast";
import { changeReferences, changeSetup, useCheckState } from "../check-state";
import { imagesInFolder } from "../dropped-folder";

/** So many pictures from outside the library are taken at once; the engine keeps 200 of them. */
const mostOutside = 150;

/** Appears while files are dragged over the window. */
export function CheckDrop(): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: folders } = useQuery(api.roots.folders.queryOptions());
  const takeFiles = useTakeFiles();
  const addReferences = (ids: readonly AssetId[]): void =>
    changeReferences([...useCheckState.getState().setup.references, ...ids], t("check.undo.references"));
  const check = (ids: readonly AssetId[]): void => changeSetup({ candidates: { kind: "assets", assetIds: [...ids] } });

  const dropCandidates = (files: DataTransfer): void => {
    const folder = droppedFolder(files);
    if (folder === null) return takeFiles([...files.files], check);
    // A page never learns where a dropped folder lies. One that the library has by that name is that folder.
    const known = (folders ?? []).filter(({ name }) => name === folder.name);
    const [only] = known;
    if (only !== undefined && known.length === 1) changeSetup({ candidates: { kind: "folder", path: only.path, where: null } });
    else imagesInFolder(folder).then((images) => takeFiles(images, check), showError);
  };
  const dropReferences = (files: DataTransfer): void => {
    const folder = droppedFolder(files);
    if (folder === null) takeFiles([...files.files], addReferences);
    else imagesInFolder(folder).then((images) => takeFiles(images, addReferences), showError);
  };
  return (
    <DropSplit
      targetsFor={(count) => [
        { id: "references", title: t("check.dropReferences", { count }), note: t("check.dropReferencesNote"), onDrop: dropReferences },
        { id: "candidates", title: t("check.dropCandidates", { count }), note: t("check.dropCandidatesNote"), onDrop: dropCandidates },
      ]}
    />
  );
}

const showError = (error: unknown): void => notifyError(appErrorOf(error));

/** Sends pictures to the engine one after the other. A file that is no picture becomes a notice that names it; the others go on. */
function useTakeFiles(): (files: readonly File[], use: (ids: readonly AssetId[]) => void) => void {
  const { t } = useTranslation();
  return useCallback(
    (files, use) => {
      const images = imageFiles(files);
      if (images.length === 0) return notifyError(refusal(t("library.dropNoImages"), t("library.outsideHint")));
      if (images.length > mostOutside)
        return notifyError(refusal(t("check.dropTooMany", { count: mostOutside }), t("check.dropTooManyHint")));
      const take = async (): Promise<void> => {
        const ids: AssetId[] = [];
        for (const file of images) {
          try {
            const picture = await postOutsideImage(file);
            rememberOutsidePicture({ ...picture, name: file.name });
            ids.push(picture.id);
          } catch (error) {
            const { message, hint } = appErrorOf(error);
            notifyError(refusal(t("find.fileRefused", { name: file.name }), hint ?? message));
          }
        }
        if (ids.length > 0) use(ids);
      };
      void take();
    },
    [t],
  );
}

function refusal(message: string, hint: string): AppErrorShape {
  return appErrorOf(appError("image/unsupported", message, { hint }));
}
