/** @file Whether the library may only be looked at. */
import { useQuery } from "@tanstack/react-query";
import { useEngine } from "./engine";

/** Whether nothing can be changed, since another Semblance has the library. */
export function useIsReadOnly(): boolean {
  const { api } = useEngine();
  return useQuery(api.system.status.queryOptions()).data?.isReadOnly ?? false;
}
