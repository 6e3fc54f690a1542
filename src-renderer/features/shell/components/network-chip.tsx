/** @file Says whether anything ever left this computer. */
import { useQuery } from "@tanstack/react-query";
import { Wifi, WifiOff } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useEngine } from "../../../lib/engine";
import { Button } from "../../../ui/button";
import { Popover } from "../../../ui/popover";

/** "Offline", or how many requests were made; the reason is one click away. */
export function NetworkChip(): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: status } = useQuery(api.system.status.queryOptions());
  const requests = status?.networkRequests ?? 0;
  return (
    <Popover
      title={t("shell.offlineTitle")}
      trigger={
        <Button variant="ghost" size="sm" icon={requests === 0 ? WifiOff : Wifi}>
          {requests === 0 ? t("shell.offline") : t("shell.requests", { count: requests })}
        </Button>
      }
    >
      <p className="text-fg-2">{requests === 0 ? t("shell.offlineNone") : t("shell.requestsNote")}</p>
    </Popover>
  );
}
