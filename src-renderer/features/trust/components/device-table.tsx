/** @file Whether the devices of this machine score alike: what the last test of each found. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { formatDate, formatParity, formatSpeed } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { notifyError } from "../../../ui/toast";
import { Cell, DataTable, Head } from "./data-table";

/** Devices that can be used here, with their distance from the processor. */
export function DeviceTable(): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: devices } = useQuery(api.devices.list.queryOptions());
  const test = useMutation(api.devices.selfTest.mutationOptions({ onError: (error) => notifyError(appErrorOf(error)) }));
  const usable = devices?.filter(({ supported, available }) => supported && available) ?? [];
  if (usable.length === 0) return null;
  return (
    <section aria-labelledby="trust-devices" className="mb-6">
      <h3 id="trust-devices" className="m-0 text-sm font-semibold">
        {t("trust.devices")}
      </h3>
      <p className="mt-0.5 mb-1.5 max-w-[96ch] text-2xs text-fg-3">{t("trust.devicesNote")}</p>
      <DataTable label={t("trust.devices")}>
        <thead>
          <tr>
            <Head>{t("jobs.device")}</Head>
            <Head isNumber>{t("devices.parity")}</Head>
            <Head isNumber>{t("devices.speed")}</Head>
            <Head>{t("trust.tested")}</Head>
            <Head>
              <span className="sr-only">{t("devices.test")}</span>
            </Head>
          </tr>
        </thead>
        <tbody>
          {usable.map(({ id, name, test: last }) => {
            const { parity = null, imagesPerSecond: speed = null } = last ?? {};
            return (
              <tr key={id} className="hover:bg-hover-fill">
                <Cell isHead>
                  <span className="block text-fg-1">{name}</span>
                  <span className="block text-2xs text-fg-3">{t(`devices.provider.${id}`)}</span>
                </Cell>
                <Cell isNumber>{parity === null ? "–" : formatParity(parity)}</Cell>
                <Cell isNumber>{speed === null ? "–" : t("devices.rate", { speed: formatSpeed(speed) })}</Cell>
                <Cell className="text-fg-2">{last === null ? t("trust.untested") : (last.message ?? formatDate(last.atMs))}</Cell>
                <Cell isNumber>
                  <Button
                    size="sm"
                    variant="ghost"
                    icon={Play}
                    disabled={test.isPending}
                    aria-label={t("devices.testDevice", { name })}
                    onClick={() => test.mutate({ device: id })}
                  >
                    {t("devices.test")}
                  </Button>
                </Cell>
              </tr>
            );
          })}
        </tbody>
      </DataTable>
    </section>
  );
}
