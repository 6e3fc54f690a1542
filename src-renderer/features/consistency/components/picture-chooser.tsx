/** @file Chooses pictures of the library: by name, or from a folder. */
import { useQuery } from "@tanstack/react-query";
import { Check, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { useFolderOptions } from "../../../lib/folder-options";
import { formatCount } from "../../../lib/format";
import { useSelection } from "../../../lib/selection";
import { Artwork } from "../../../ui/artwork";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { ErrorCard } from "../../../ui/error-card";
import { Icon } from "../../../ui/icon";
import { Select } from "../../../ui/select";
import { TextField } from "../../../ui/toolbar";

/** Pictures shown at once; a name or a folder brings the others. */
const mostShown = 200;
/** A value no folder path has: select lists know no null. */
const everywhere = "*";

export interface PictureChooserProps {
  readonly title: string;
  /** On the button, with the number of chosen pictures. */
  readonly confirm: (count: number) => string;
  readonly onChoose: (ids: readonly AssetId[]) => void;
  readonly onClose: () => void;
}

/** A dialog that is mounted while it is open. It starts with what is selected in the Library. */
export function PictureChooser({ title, confirm, onChoose, onClose }: PictureChooserProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const [text, setText] = useState("");
  const [folder, setFolder] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<AssetId>>(() => new Set(useSelection.getState().ids));
  const folders = useFolderOptions(folder);
  const filter = { folder, text: text.trim() === "" ? null : text };
  const { data, error } = useQuery(
    api.assets.page.queryOptions({ input: { ...filter, sort: "name", offset: 0, limit: mostShown }, placeholderData: (known) => known }),
  );
  const toggle = (id: AssetId): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      closeLabel={t("ui.close")}
      className="w-[820px]"
      footer={
        <>
          <span role="status" className="text-fg-3">
            {data !== undefined && data.total > mostShown && t("check.chooserMore", { shown: mostShown, total: formatCount(data.total) })}
          </span>
          <Button className="ml-auto" onClick={onClose}>
            {t("ui.cancel")}
          </Button>
          <Button variant="primary" disabled={chosen.size === 0} onClick={() => onChoose([...chosen])}>
            {confirm(chosen.size)}
          </Button>
        </>
      }
    >
      <div className="sticky top-0 z-10 flex gap-2 border-b border-line bg-overlay px-4 py-2">
        <TextField
          label={t("check.findByName")}
          placeholder={t("check.findByName")}
          icon={Search}
          value={text}
          onChange={setText}
          className="flex-1"
        />
        <Select
          label={t("find.folder")}
          size="md"
          value={folder ?? everywhere}
          onChange={(next) => setFolder(next === everywhere ? null : next)}
          options={[{ value: everywhere, label: t("find.allImages") }, ...folders]}
          className="max-w-60"
        />
      </div>
      <div className="min-h-80 p-4">
        {error !== null && <ErrorCard error={appErrorOf(error)} />}
        {data?.items.length === 0 && <p className="m-0 py-12 text-center text-fg-2">{t("check.noPictures")}</p>}
        <Offered label={title} pictures={data?.items ?? []} chosen={chosen} onToggle={toggle} />
      </div>
    </Dialog>
  );
}

interface OfferedProps {
  readonly label: string;
  readonly pictures: readonly AssetSummary[];
  readonly chosen: ReadonlySet<AssetId>;
  readonly onToggle: (id: AssetId) => void;
}

function Offered({ label, pictures, chosen, onToggle }: OfferedProps): ReactNode {
  return (
    <div role="group" aria-label={label} className="grid grid-cols-[repeat(auto-fill,minmax(96px,1fr))] gap-2">
      {pictures.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          aria-label={name}
          title={name}
          aria-pressed={chosen.has(id)}
          onClick={() => onToggle(id)}
          className="relative aspect-square border-0 bg-raised p-0 aria-pressed:outline-2 aria-pressed:outline-offset-1 aria-pressed:outline-select"
        >
          <Artwork src={thumbnailUrl(id, 256)} alt="" fit="contain" className="size-full" />
          {chosen.has(id) && (
            <span className="absolute right-1 bottom-1 grid size-4.5 place-items-center rounded-sm bg-accent text-on-accent">
              <Icon icon={Check} size={12} />
            </span>
          )}
        </button>
      ))}
    </div>
  );
}
