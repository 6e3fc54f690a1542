/** @file What is done with a split: written down, the accepted copied, the rejected moved. */
import { Copy, Ellipsis, FileDown, FolderInput } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CheckResult, CheckVerdict } from "#shared/domain/check";
import type { CheckSplit } from "#shared/domain/check-split";
import type { FileActKind, SplitFile } from "#shared/domain/split-files";
import { Button } from "../../../../ui/button";
import { IconButton } from "../../../../ui/icon-button";
import { Menu } from "../../../../ui/menu";
import { checkQueryOf } from "../../check-setup";
import type { CheckView } from "../../use-check";
import { ExportDialog } from "./export-dialog";
import { FilesDialog } from "./files-dialog";

export interface SplitCommandsProps {
  readonly check: CheckView;
  readonly result: CheckResult;
  readonly split: CheckSplit;
  readonly title: string;
  /** Asks for the folder that files go to. */
  readonly onChooseFolder: (kind: FileActKind, use: (path: string) => void) => void;
}

/** Of which pictures the files are copied or moved. */
const verdicts = { copy: "accepted", move: "rejected" } as const satisfies Record<FileActKind, CheckVerdict>;

interface ChosenFolder {
  readonly kind: FileActKind;
  readonly folder: string;
}

/** Two buttons, a menu, and their dialogs. */
export function SplitCommands({ check, result, split, title, onChooseFolder }: SplitCommandsProps): ReactNode {
  const { t } = useTranslation();
  const [isExporting, setIsExporting] = useState(false);
  const [chosen, setChosen] = useState<ChosenFolder | null>(null);
  const files = useMemo(
    () => ({ copy: filesOf(verdicts.copy, result, split), move: filesOf(verdicts.move, result, split) }),
    [result, split],
  );
  const choose = (kind: FileActKind) => (): void => onChooseFolder(kind, (folder) => setChosen({ kind, folder }));
  const isOffered = (kind: FileActKind): boolean => files[kind].length > 0 && !check.isReadOnly;
  const query = checkQueryOf(check.setup, check.measures);
  return (
    <>
      <Button
        icon={Copy}
        disabled={!isOffered("copy")}
        title={check.isReadOnly ? t("check.files.readOnly") : undefined}
        onClick={choose("copy")}
      >
        {t("check.files.copy.command")}
      </Button>
      <Button icon={FileDown} disabled={query === null} onClick={() => setIsExporting(true)}>
        {t("check.export.command")}
      </Button>
      <Menu
        trigger={<IconButton icon={Ellipsis} label={t("check.files.more")} />}
        entries={[
          {
            id: "move",
            label: t("check.files.move.command"),
            icon: FolderInput,
            isDisabled: !isOffered("move"),
            ...(check.isReadOnly ? { reason: t("check.files.readOnly") } : {}),
            onSelect: choose("move"),
          },
        ]}
      />
      {chosen !== null && <FilesDialog {...chosen} files={files[chosen.kind]} onClose={() => setChosen(null)} />}
      {isExporting && query !== null && (
        <ExportDialog {...{ query, result, title }} setup={check.setup} onClose={() => setIsExporting(false)} />
      )}
    </>
  );
}

function filesOf(wanted: CheckVerdict, { candidates }: CheckResult, { rows }: CheckSplit): readonly SplitFile[] {
  return rows.flatMap(({ candidate, verdict }) => {
    const picture = candidates[candidate];
    return verdict === wanted && picture !== undefined ? [{ assetId: picture.asset.id, path: picture.path }] : [];
  });
}
