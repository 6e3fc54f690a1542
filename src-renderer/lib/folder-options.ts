/** @file The folders of the library as options of a select. */
import { useQuery } from "@tanstack/react-query";
import { useEngine } from "./engine";
import { formatCount } from "./format";

export interface FolderOption {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

/** Every folder with its count, indented by depth; one that left the library is listed by its path while it is `chosen`. */
export function useFolderOptions(chosen: string | null): readonly FolderOption[] {
  const { api } = useEngine();
  const { data: folders = [] } = useQuery(api.roots.folders.queryOptions());
  const options = folders.map(({ path, name, depth, count }) => ({
    value: path,
    label: `${"  ".repeat(depth)}${name}`,
    description: formatCount(count),
  }));
  return chosen === null || options.some(({ value }) => value === chosen) ? options : [...options, { value: chosen, label: chosen }];
}
