/** @file What a file says about itself, word by word, as its program wrote it. */
import { useQuery } from "@tanstack/react-query";
import { Copy } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { Dialog } from "../../../ui/dialog";
import { ErrorCard } from "../../../ui/error-card";
import { IconButton } from "../../../ui/icon-button";
import { notify } from "../../../ui/toast";

export interface RawMetadataDialogProps {
  readonly assetId: AssetId;
  readonly onClose: () => void;
}

/** Texts that are JSON are indented; the rest is shown as it is. */
export function RawMetadataDialog({ assetId, onClose }: RawMetadataDialogProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data, error, refetch } = useQuery(api.assets.rawMetadata.queryOptions({ input: { assetId } }));
  const copy = (name: string, text: string): void =>
    void navigator.clipboard.writeText(text).then(() => notify({ title: t("library.metadata.copied", { what: name }) }));
  return (
    <Dialog isOpen onClose={onClose} title={t("library.metadata.rawTitle")} closeLabel={t("ui.close")} className="w-200">
      <div className="flex flex-col gap-3 p-4">
        {error && <ErrorCard error={appErrorOf(error)} onRetry={() => void refetch()} />}
        {data?.entries.length === 0 && <p className="text-fg-3">{t("library.metadata.rawEmpty")}</p>}
        {data?.entries.map(({ name, text }) => (
          <section key={name} aria-label={name}>
            <header className="flex h-6 items-center text-2xs font-semibold text-fg-2">
              {name}
              <IconButton
                icon={Copy}
                label={t("library.metadata.copy", { what: name })}
                className="ml-auto"
                onClick={() => copy(name, text)}
              />
            </header>
            {/* A region that scrolls must be reachable by the keyboard. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <pre
              tabIndex={0}
              className="m-0 max-h-80 overflow-auto rounded-md bg-well p-2 font-mono text-2xs whitespace-pre-wrap text-fg-1 select-text"
            >
              {indented(text)}
            </pre>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function indented(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
