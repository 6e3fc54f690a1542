/** @file Ways into Consistency from wherever pictures are selected: K, and the question what the selection is to be. */
import { useLocation, useNavigate } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { type ReactNode, useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { create } from "zustand";
import type { AssetId } from "#shared/domain/asset";
import { type Action, useActions } from "../../../lib/actions";
import { formatCount } from "../../../lib/format";
import { useSelection } from "../../../lib/selection";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { mostReferences } from "../check-setup";
import { changeReferences, changeSetup, useCheckState } from "../check-state";

interface Asked {
  /** The pictures that are asked about; they stay while the question fades. */
  readonly ids: readonly AssetId[];
  readonly isOpen: boolean;
}

const useAsked = create<Asked>(() => ({ ids: [], isOpen: false }));

/** Asks whether pictures are to be references or candidates, and opens Consistency with the answer. */
export function askToCheck(ids: readonly AssetId[]): void {
  useAsked.setState({ ids, isOpen: true });
}

/** Mounted once. In Find the result that is looked at is meant, which that page offers itself. */
export function CheckActions(): ReactNode {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const ids = useSelection((state) => state.ids);
  const isOffered = pathname.startsWith("/library") || pathname.startsWith("/duplicates");
  useActions(
    useMemo<readonly Action[]>(
      () =>
        isOffered
          ? [
              {
                id: "check.ask",
                label: t("check.checkSelection"),
                group: "selection",
                icon: ShieldCheck,
                shortcut: "K",
                enabled: ids.size > 0,
                unavailable: t("library.needsSelection"),
                run: () => askToCheck([...ids]),
              },
            ]
          : [],
      [t, ids, isOffered],
    ),
  );
  return <RoleDialog />;
}

/** Which of the two the pictures are. What is more likely is asked first: references until there are any, then candidates. */
function RoleDialog(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { ids, isOpen } = useAsked();
  const hasReferences = useCheckState((state) => state.setup.references.length > 0);
  const close = useCallback(() => useAsked.setState({ isOpen: false }), []);
  const count = ids.length;
  const use = (change: (chosen: readonly AssetId[]) => void) => (): void => {
    change(ids);
    close();
    void navigate({ to: "/consistency", search: {} });
  };
  const asReferences = use((chosen) => changeReferences(chosen, t("check.undo.references")));
  const asCandidates = use((chosen) => changeSetup({ candidates: { kind: "assets", assetIds: [...chosen] } }));
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title={t("check.roleTitle", { count, formatted: formatCount(count) })}
      closeLabel={t("ui.close")}
      className="w-[460px]"
    >
      <div className="grid gap-2 p-4">
        <Role
          label={t("check.asReferences")}
          note={t(count > mostReferences ? "check.tooManyReferences" : "check.asReferencesNote", { count: mostReferences })}
          isLikely={!hasReferences}
          isDisabled={count > mostReferences}
          onChoose={asReferences}
        />
        <Role label={t("check.asCandidates")} note={t("check.asCandidatesNote")} isLikely={hasReferences} onChoose={asCandidates} />
      </div>
    </Dialog>
  );
}

interface RoleProps {
  readonly label: string;
  readonly note: string;
  readonly isLikely: boolean;
  readonly isDisabled?: boolean;
  readonly onChoose: () => void;
}

function Role({ label, note, isLikely, isDisabled = false, onChoose }: RoleProps): ReactNode {
  return (
    <div className="grid grid-cols-[150px_minmax(0,1fr)] items-center gap-3">
      <Button variant={isLikely ? "primary" : "plain"} disabled={isDisabled} onClick={onChoose}>
        {label}
      </Button>
      <span className="text-2xs text-fg-3">{note}</span>
    </div>
  );
}
