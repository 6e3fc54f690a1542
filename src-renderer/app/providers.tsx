/** @file Everything that surrounds the views: the engine, the query cache, words, tooltips, notices. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { I18nextProvider } from "react-i18next";
import { type EngineClient, EngineProvider, type ShellClient } from "../lib/engine";
import { createI18n } from "../lib/i18n";
import { ToastProvider } from "../ui/toast";
import { TooltipProvider } from "../ui/tooltip";

/** What was fetched stays true until the engine says it changed; the network is never consulted. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: Infinity, retry: false, refetchOnWindowFocus: false, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
}

export interface ProvidersProps {
  readonly client: EngineClient;
  readonly shell: ShellClient | null;
  readonly children: ReactNode;
}

/** Wraps the app; tests wrap a single view with a client of their own. */
export function Providers({ client, shell, children }: ProvidersProps): ReactNode {
  const [queryClient] = useState(createQueryClient);
  const [i18n] = useState(createI18n);
  return (
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <EngineProvider client={client} shell={shell}>
          <TooltipProvider>
            <ToastProvider closeLabel={i18n.t("shell.dismiss")}>{children}</ToastProvider>
          </TooltipProvider>
        </EngineProvider>
      </QueryClientProvider>
    </I18nextProvider>
  );
}
