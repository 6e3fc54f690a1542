/** @file What is done with a split: written down, or the accepted copied. */
import { Copy, FileDown } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CheckResult } from "#shared/domain/check";
import type { CheckSplit } from "#shared/domain/check-split";
import type { SplitFile } from "#shared/domain/split-files";
import { Button } from "../../../../ui/button";
import { checkQueryOf } from "../../check-setup";
import type { CheckView } from "../../use-check";
import { CopyDialog } from "./copy-dialog";
import { ExportDialog } from "./export-dialog";

export interface SplitCommandsProps {
  readonly check: CheckView;
  readonly result: CheckResult;
  readonly split: CheckSplit;
  readonly title: string;
  /** Asks for a folder. */
  readonly onChooseFolder: (use: (path: string) => void) => void;
}

/** Two buttons and their dialogs. */
export function SplitCommands({ check, result, split, title, onChooseFolder }: SplitCommandsProps): ReactNode {
  const { t } = useTranslation();
  const [isExporting, setIsExporting] = useState(false);
  const [folder, setFolder] = useState<string | null>(null);
  const accepted = useMemo(() => acceptedFiles(result, split), [result, split]);
  const query = checkQueryOf(check.setup, check.measures);
  return (
    <>
      <Button
        icon={Copy}
        disabled={accepted.length === 0 || check.isReadOnly}
        title={check.isReadOnly ? t("check.copy.readOnly") : undefined}
        onClick={() => onChooseFolder(setFolder)}
      >
        {t("check.copy.command")}
      </Button>
      <Button icon={FileDown} disabled={query === null} onClick={() => setIsExporting(true)}>
        {t("check.export.command")}
      </Button>
      {folder !== null && <CopyDialog files={accepted} folder={folder} onClose={() => setFolder(null)} />}
      {isExporting && query !== null && (
        <ExportDialog {...{ query, result, title }} setup={check.setup} onClose={() => setIsExporting(false)} />
      )}
    </>
  );
}

function acceptedFiles({ candidates }: CheckResult, { rows }: CheckSplit): readonly SplitFile[] {
  return rows.flatMap(({ candidate, verdict }) => {
    const picture = candidates[candidate];
    return verdict === "accepted" && picture !== undefined ? [{ assetId: picture.asset.id, path: picture.path }] : [];
  });
}
