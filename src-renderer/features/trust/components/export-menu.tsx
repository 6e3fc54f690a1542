/** @file A run as a file: every decision as a table, or what was found as JSON. */
import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BenchmarkSet } from "#shared/domain/benchmark";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { saveTextFile } from "../../../lib/save-file";
import { Button } from "../../../ui/button";
import { Menu } from "../../../ui/menu";
import { notifyError } from "../../../ui/toast";

/** The table has the columns that `bench --triplets` and `tune` read. */
export function ExportMenu({ set }: { readonly set: BenchmarkSet }): ReactNode {
  const { t } = useTranslation();
  const { client } = useEngine();
  const setId = set.id;
  const name = `semblance-${set.title.toLowerCase().replaceAll(/[^a-z\d]+/g, "-")}`;
  const onError = (error: unknown): void => notifyError(appErrorOf(error));
  const saveTable = (): void =>
    void client.benchmarks.table({ setId }).then(({ csv }) => saveTextFile(`${name}.csv`, csv, "text/csv"), onError);
  const saveResult = (): void =>
    void client.benchmarks
      .result({ setId })
      .then((result) => saveTextFile(`${name}.json`, `${JSON.stringify(result, null, 2)}\n`, "application/json"), onError);
  return (
    <Menu
      trigger={
        <Button size="sm" variant="ghost" icon={Download} disabled={set.triplets === 0}>
          {t("trust.export")}
        </Button>
      }
      entries={[
        { id: "csv", label: t("trust.exportCsv"), onSelect: saveTable },
        { id: "json", label: t("trust.exportJson"), isDisabled: set.latest === null, onSelect: saveResult },
      ]}
    />
  );
}
