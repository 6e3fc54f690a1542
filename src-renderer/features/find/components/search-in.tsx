/** @file Where the question looks: a folder, and the filter of the Library where there is one and it is wanted here. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFolderOptions } from "../../../lib/folder-options";
import { FilterChips } from "../../../ui/filter-chips";
import { Section } from "../../../ui/section";
import { Select } from "../../../ui/select";
import { Switch } from "../../../ui/switch";
import { editQuery, useFind } from "../find-state";
import { freedFrom, isLimitedBy, isSameScope, limitedBy, type SearchScope, wholeLibrary } from "../search-scope";

/** A value no folder path has: select lists know no null. */
const everywhere = "*";

const setScope = (scope: SearchScope): void => editQuery({ type: "scope", scope });

/** A section of the question. The whole library is searched until a person limits it. */
export function SearchIn({ libraryScope }: { readonly libraryScope: SearchScope }): ReactNode {
  const { t } = useTranslation();
  const scope = useFind((state) => state.history.present.scope);
  return (
    <Section title={t("find.searchIn")}>
      <FolderSelect scope={scope} />
      {!isSameScope(libraryScope, wholeLibrary) && <LibraryFilter scope={scope} libraryScope={libraryScope} />}
      {scope.where !== null && (
        <div className="mt-2">
          <div className="mb-1 text-2xs text-fg-3">{t("find.onlyIn")}</div>
          <FilterChips where={scope.where} onWhere={(where) => setScope({ ...scope, where })} className="flex-wrap" />
        </div>
      )}
    </Section>
  );
}

function FolderSelect({ scope }: { readonly scope: SearchScope }): ReactNode {
  const { t } = useTranslation();
  const { folder } = scope;
  const folders = useFolderOptions(folder);
  return (
    <Select
      label={t("find.folder")}
      isLabelShown
      className="max-w-full"
      value={folder ?? everywhere}
      onChange={(next) => setScope({ ...scope, folder: next === everywhere ? null : next })}
      options={[{ value: everywhere, label: t("find.allImages") }, ...folders]}
    />
  );
}

function LibraryFilter({ scope, libraryScope }: { readonly scope: SearchScope; readonly libraryScope: SearchScope }): ReactNode {
  const { t } = useTranslation();
  const isOn = isLimitedBy(scope, libraryScope);
  const toggle = (isWanted: boolean): void => setScope(isWanted ? limitedBy(scope, libraryScope) : freedFrom(scope, libraryScope));
  return (
    <div className="mt-2 flex items-center gap-2">
      <Switch label={t("find.libraryFilter")} isOn={isOn} onChange={toggle} />
      <div>
        <div>{t("find.libraryFilter")}</div>
        <div className="text-2xs text-fg-3">{t(isOn ? "find.libraryFilterOn" : "find.libraryFilterOff")}</div>
      </div>
    </div>
  );
}
