/** @file Asks where a folder of the library is now, and offers the places where it seems to be. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LibraryRoot } from "#shared/domain/library";
import { useEngine } from "../../../lib/engine";
import { formatCount } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { closeRelocation, useSetupState } from "../setup-state";
import { useChoosePlace, useRelocate } from "../use-root-place";

/** Open while a root's new place is asked for. */
export function RelocateDialog(): ReactNode {
  const { t } = useTranslation();
  const root = useSetupState((state) => state.relocating);
  const choosePlace = useChoosePlace();
  if (!root) return null;
  return (
    <Dialog
      isOpen
      onClose={closeRelocation}
      title={t("library.relocateTitle", { name: root.name })}
      closeLabel={t("ui.close")}
      footer={
        <>
          <Button className="ml-auto" onClick={closeRelocation}>
            {t("ui.cancel")}
          </Button>
          <Button variant="primary" onClick={() => choosePlace(root)}>
            {t("library.relocateChoose")}
          </Button>
        </>
      }
    >
      <div className="p-4 text-sm text-fg-2">
        <p>{t("library.relocateNote", { count: root.fileCount, formatted: formatCount(root.fileCount) })}</p>
        <Path path={root.path} />
        {!root.isAvailable && <Places root={root} />}
      </div>
    </Dialog>
  );
}

function Places({ root }: { readonly root: LibraryRoot }): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const relocate = useRelocate();
  const { data: places } = useQuery(api.roots.places.queryOptions({ input: { rootId: root.id }, staleTime: 0 }));
  if (places?.length === 0 || places === undefined)
    return (
      <p role="status" className="mt-3 text-fg-3">
        {t(places ? "library.relocateNothing" : "library.relocateSearching")}
      </p>
    );
  return (
    <>
      <p className="mt-3">{t("library.relocatePlaces")}</p>
      {places.map(({ path, found, checked }) => (
        <div key={path} className="mt-1 flex items-center gap-2">
          <div className="min-w-0 flex-1">
            <Path path={path} />
            <p className="mt-1 text-2xs text-fg-3">
              {t("library.relocateFound", { found: formatCount(found), checked: formatCount(checked) })}
            </p>
          </div>
          <Button onClick={() => relocate(root, path)}>{t("library.relocateUse")}</Button>
        </div>
      ))}
    </>
  );
}

function Path({ path }: { readonly path: string }): ReactNode {
  return <p className="mt-1 rounded-md bg-well px-2 py-1 font-mono text-2xs break-all select-text">{path}</p>;
}
