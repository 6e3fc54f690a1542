/** @file What is checked: a folder that can be watched, or pictures that were chosen. */
import { useQuery } from "@tanstack/react-query";
import { Folder, Images } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import { useEngine } from "../../../lib/engine";
import { useFolderOptions } from "../../../lib/folder-options";
import { formatCount } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { Icon } from "../../../ui/icon";
import { Section } from "../../../ui/section";
import { Select } from "../../../ui/select";
import { Switch } from "../../../ui/switch";
import { changeSetup, useCheckState } from "../check-state";
import type { CheckView } from "../use-check";
import { PictureChooser } from "./picture-chooser";

/** A value no folder path has: pictures that were chosen one by one, or nothing yet. */
const noFolder = "*";

/** The section with the folder, or the number of chosen pictures. */
export function CandidatesSection({ check }: { readonly check: CheckView }): ReactNode {
  const { t } = useTranslation();
  const { candidates } = check.setup;
  const [isChoosing, setIsChoosing] = useState(false);
  const path = candidates?.kind === "folder" ? candidates.path : null;
  const folders = useFolderOptions(path);
  const count = check.result?.candidates.length ?? (candidates?.kind === "assets" ? candidates.assetIds.length : null);
  const choose = (ids: readonly AssetId[]): void => {
    setIsChoosing(false);
    changeSetup({ candidates: { kind: "assets", assetIds: [...ids] } });
  };
  const placeholder = candidates?.kind === "assets" ? t("check.chosenPictures") : t("check.chooseFolder");
  return (
    <Section
      title={t("check.candidates")}
      aside={count !== null && candidates !== null && t("check.images", { count, formatted: formatCount(count) })}
    >
      <div className="flex items-center gap-1.5">
        <Icon icon={candidates?.kind === "assets" ? Images : Folder} className="text-fg-3" />
        <Select
          label={t("check.candidateFolder")}
          value={path ?? noFolder}
          onChange={(next) => next !== noFolder && changeSetup({ candidates: { kind: "folder", path: next, where: null } })}
          options={path === null ? [{ value: noFolder, label: placeholder }, ...folders] : folders}
          className="min-w-0 flex-1 shrink"
        />
      </div>
      <Button size="sm" variant="ghost" className="mt-1 w-full" onClick={() => setIsChoosing(true)}>
        {t("check.choosePictures")}
      </Button>
      {candidates?.kind === "folder" && <WatchSwitch path={candidates.path} />}
      {isChoosing && (
        <PictureChooser
          title={t("check.chooseCandidates")}
          confirm={(chosen) => t("check.checkPictures", { count: chosen, formatted: formatCount(chosen) })}
          onChoose={choose}
          onClose={() => setIsChoosing(false)}
        />
      )}
    </Section>
  );
}

/** New files are seen where the folder's root is watched; the switch says where it is not. */
function WatchSwitch({ path }: { readonly path: string }): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: roots } = useQuery(api.roots.list.queryOptions());
  const isWatching = useCheckState((state) => state.isWatching);
  const root = roots?.find((each) => path.startsWith(each.path));
  const isSeen = root?.isWatched ?? true;
  return (
    <div className="mt-1.5 flex items-center gap-1.5 text-2xs text-fg-3">
      <Switch
        label={t("check.watch")}
        isOn={isWatching && isSeen}
        isDisabled={!isSeen}
        onChange={(isOn) => useCheckState.setState({ isWatching: isOn })}
      />
      {t(isSeen ? "check.watchNote" : "check.watchOff")}
    </div>
  );
}
