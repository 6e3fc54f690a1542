/** @file The Library's connection to the engine: pages of assets, adding and removing folders, asking Find. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { AssetSort, LibraryRoot } from "#shared/domain/library";
import type { Question } from "#shared/domain/model-card";
import { appErrorOf } from "../../lib/app-error-of";
import { onAssetChange } from "../../lib/changes";
import { useEngine } from "../../lib/engine";
import { metricForQuestion } from "../../lib/metric-choice";
import { imageFiles, postOutsideImage } from "../../lib/outside-image";
import { notify, notifyError } from "../../ui/toast";
import { AssetPages } from "./asset-pages";
import { openPicker, type OtherFolder, type PickerPurpose } from "./setup-state";
import type { FacetFilter } from "./use-facets";

export interface AssetFilter extends FacetFilter {
  readonly sort: AssetSort;
}

/** Most pictures one question may hold; see searchQuerySchema. */
const mostReferences = 32;

const onError = (error: unknown): void => notifyError(appErrorOf(error));

/** The assets under a filter; the view is rendered again when pages come in or the library changes. */
export function useAssetPages({ folder, text, where, sort }: AssetFilter): AssetPages {
  const { client } = useEngine();
  const pages = useMemo(
    () => new AssetPages((offset, limit) => client.assets.page({ folder, text, where, sort, offset, limit })),
    [client, folder, text, where, sort],
  );
  useSyncExternalStore(pages.subscribe, pages.version);
  useEffect(() => {
    pages.refresh();
    return onAssetChange(() => pages.refresh());
  }, [pages]);
  return pages;
}

/** Adds folders by path, says so, and lets it be undone. */
export function useAddRoots(): (paths: readonly string[]) => void {
  const { t } = useTranslation();
  const { api, client } = useEngine();
  const queryClient = useQueryClient();
  const { mutate } = useMutation(
    api.roots.add.mutationOptions({
      onError,
      onSuccess: ({ roots }) => {
        void queryClient.invalidateQueries();
        notify({
          title: t("library.added", { count: roots.length, name: roots[0]?.name ?? "" }),
          description: t("library.addedNote"),
          action: {
            label: t("ui.undo"),
            run: () =>
              void Promise.all(roots.map(({ id }) => client.roots.remove({ rootId: id }))).then(
                () => queryClient.invalidateQueries(),
                onError,
              ),
          },
        });
      },
    }),
  );
  return useCallback((paths) => mutate({ paths: [...paths] }), [mutate]);
}

/** Opens the system's folder dialog, or the picker of the page in a browser. */
export function useChooseFolders(): (purpose?: Exclude<PickerPurpose, { kind: "relocate" | "other" }>) => void {
  const { shell } = useEngine();
  const addRoots = useAddRoots();
  const addModels = useAddModels();
  return useCallback(
    (purpose = { kind: "root" }) => {
      if (!shell) return openPicker(purpose);
      const use = purpose.kind === "root" ? addRoots : addModels;
      shell.chooseFolders({}).then((paths) => paths.length > 0 && use(paths), onError);
    },
    [shell, addRoots, addModels],
  );
}

/** Opens the same dialog for one folder that is no root of the library. */
export function useChooseOtherFolder(): (purpose: Omit<OtherFolder, "kind">) => void {
  const { shell } = useEngine();
  return useCallback(
    (purpose) => {
      if (!shell) return openPicker({ kind: "other", ...purpose });
      shell.chooseFolders({}).then(([path]) => path !== undefined && purpose.use(path), onError);
    },
    [shell],
  );
}

/** Looks for models in folders that a person names. */
export function useAddModels(): (folders: readonly string[]) => void {
  const { api } = useEngine();
  const queryClient = useQueryClient();
  const { mutate } = useMutation(api.models.scan.mutationOptions({ onError, onSuccess: () => void queryClient.invalidateQueries() }));
  return useCallback((folders) => mutate({ folders: [...folders] }), [mutate]);
}

/** Adds the bundled sample library. */
export function useAddSample(): { readonly addSample: () => void; readonly isAdding: boolean } {
  const { api } = useEngine();
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation(
    api.roots.addSample.mutationOptions({ onError, onSuccess: () => void queryClient.invalidateQueries() }),
  );
  return { addSample: useCallback(() => mutate({}), [mutate]), isAdding: isPending };
}

/** Takes a folder out of the library; its files stay. Undo adds it again. */
export function useRemoveRoot(): (root: LibraryRoot) => void {
  const { t } = useTranslation();
  const { api, client } = useEngine();
  const queryClient = useQueryClient();
  const { mutate } = useMutation(api.roots.remove.mutationOptions({ onError }));
  return useCallback(
    (root) => {
      const onSuccess = (): void => {
        void queryClient.invalidateQueries();
        const addAgain = async (): Promise<unknown> =>
          root.isSample ? client.roots.addSample({}) : client.roots.add({ paths: [root.path] });
        notify({
          title: t("library.removed", { name: root.isSample ? t("library.sampleLibrary") : root.name }),
          description: t("library.removedNote"),
          action: { label: t("ui.undo"), run: () => void addAgain().then(() => queryClient.invalidateQueries(), onError) },
        });
      };
      mutate({ rootId: root.id }, { onSuccess });
    },
    [mutate, queryClient, client, t],
  );
}

/** Opens Find on assets, with the metric that answers the question best here. */
export function useFindSimilar(): (ids: readonly AssetId[], question?: Question) => void {
  const { t } = useTranslation();
  const { api } = useEngine();
  const navigate = useNavigate();
  const { data: cards } = useQuery(api.metrics.list.queryOptions());
  return useCallback(
    (ids, question = "style") => {
      const metric = metricForQuestion(cards ?? [], question)?.metric;
      if (ids.length > mostReferences) notify({ title: t("library.tooManyReferences", { count: mostReferences }) });
      const refs = ids
        .slice(0, mostReferences)
        .map((id) => `${id}:1`)
        .join(",");
      void navigate({ to: "/find", search: { refs, ...(metric ? { metric } : {}) } });
    },
    [cards, navigate, t],
  );
}

/** Opens Compare on the first two assets. */
export function useCompare(): (ids: readonly AssetId[]) => void {
  const navigate = useNavigate();
  return useCallback(
    ([a, b]) => {
      if (a !== undefined) void navigate({ to: "/compare", search: { a, ...(b === undefined ? {} : { b }) } });
    },
    [navigate],
  );
}

/** Sends picture files to the engine and opens Find on them. `isSending` until the last one has arrived. */
export function useFindOutside(): { readonly findOutside: (files: Iterable<File>) => void; readonly isSending: boolean } {
  const { t } = useTranslation();
  const findSimilar = useFindSimilar();
  const [isSending, setIsSending] = useState(false);
  const findOutside = useCallback(
    (files: Iterable<File>) => {
      const images = imageFiles(files);
      if (images.length === 0)
        return notifyError({ code: "image/unsupported", message: t("library.dropNoImages"), hint: t("library.outsideHint") });
      setIsSending(true);
      Promise.all(images.map(postOutsideImage))
        .then((assets) => findSimilar(assets.map(({ id }) => id)), onError)
        .finally(() => setIsSending(false));
    },
    [findSimilar, t],
  );
  return { findOutside, isSending };
}
