/** @file How views reach the engine: a typed client, its query options, and what the window can do. */
import type { ContractRouterClient } from "@orpc/contract";
import { createTanstackQueryUtils, type RouterUtils } from "@orpc/tanstack-query";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { EngineContract } from "#shared/contract/engine-contract";
import type { ShellContract } from "#shared/contract/shell-contract";
import { defined } from "#shared/lib/assert";

export type EngineClient = ContractRouterClient<EngineContract>;
export type ShellClient = ContractRouterClient<ShellContract>;

/** `api` makes query and mutation options from the contract; `shell` is null in a browser. */
export interface Engine {
  readonly client: EngineClient;
  readonly api: RouterUtils<EngineClient>;
  readonly shell: ShellClient | null;
}

const EngineContext = createContext<Engine | null>(null);

export interface EngineProviderProps {
  readonly client: EngineClient;
  readonly shell: ShellClient | null;
  readonly children: ReactNode;
}

/** Gives every view below the engine. Tests pass a client of their own. */
export function EngineProvider({ client, shell, children }: EngineProviderProps): ReactNode {
  const engine = useMemo<Engine>(() => ({ client, shell, api: createTanstackQueryUtils(client) }), [client, shell]);
  return <EngineContext value={engine}>{children}</EngineContext>;
}

/** The engine of this window. */
export function useEngine(): Engine {
  return defined(useContext(EngineContext), "views live below an EngineProvider");
}
