/** @file Where the models run: every device of this machine, which one is in use, how fast it is and whether its scores are right. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Cpu, Gpu, HardDrive, Info, type LucideIcon, Play } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DeviceEntry, DeviceId } from "#shared/domain/device";
import { appErrorOf } from "../../../lib/app-error-of";
import { cn } from "../../../lib/class-names";
import { useEngine } from "../../../lib/engine";
import { formatBytes, formatDate, formatParity, formatSpeed } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { ErrorCard } from "../../../ui/error-card";
import { Icon } from "../../../ui/icon";
import { notify, notifyError } from "../../../ui/toast";
import { closeWindow, openWindow, useShellState } from "../shell-state";

const icons: Readonly<Record<DeviceId, LucideIcon>> = { cpu: Cpu, webgpu: Gpu, cuda: Gpu, directml: Gpu, coreml: Gpu };
const columns = "grid grid-cols-[16px_1fr_64px_76px_132px] gap-x-3";

/** Opens from the status bar and the palette. */
export function DevicesDialog(): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const isOpen = useShellState((state) => state.open === "devices");
  const { data: devices, error } = useQuery(api.devices.list.queryOptions({ enabled: isOpen }));
  const { choose, test, busy } = useDeviceCommands();
  const elsewhere = devices?.filter(({ supported }) => !supported).map(({ name }) => name) ?? [];
  return (
    <Dialog
      isOpen={isOpen}
      onClose={closeWindow}
      title={t("devices.title")}
      closeLabel={t("ui.close")}
      className="w-[680px]"
      footer={
        <Button size="sm" variant="ghost" icon={HardDrive} onClick={() => openWindow("storage")}>
          {t("storage.open")}
        </Button>
      }
    >
      {error && (
        <div className="p-4">
          <ErrorCard error={appErrorOf(error)} />
        </div>
      )}
      <div className={cn(columns, "h-8 items-center border-b border-line px-4 text-2xs text-fg-3")}>
        <span className="col-start-3 text-right">{t("devices.speed")}</span>
        <span className="text-right">{t("devices.parity")}</span>
      </div>
      <ul aria-label={t("devices.title")} className="m-0 list-none p-0">
        {devices
          ?.filter(({ supported }) => supported)
          .map((device) => (
            <DeviceRow key={device.id} device={device} busy={busy} onChoose={choose} onTest={test} />
          ))}
      </ul>
      {devices === undefined && !error && (
        <p role="status" className="p-4 text-fg-2">
          {t("devices.looking")}
        </p>
      )}
      <div className="flex flex-col gap-2 p-4 text-2xs text-fg-2">
        <p className="flex gap-2">
          <Icon icon={Info} size={14} className="mt-px shrink-0" />
          {t("devices.note")}
        </p>
        {elsewhere.length > 0 && <p className="ml-5.5 text-fg-3">{t("devices.elsewhere", { names: elsewhere.join(", ") })}</p>}
      </div>
    </Dialog>
  );
}

/** What is being done to which device. */
interface Busy {
  readonly id: DeviceId;
  readonly what: "testing" | "choosing";
}

function useDeviceCommands() {
  const { t } = useTranslation();
  const { api } = useEngine();
  const onError = (error: Error): void => notifyError(appErrorOf(error));
  const choose = useMutation(
    api.devices.choose.mutationOptions({ onSuccess: ({ name }) => notify({ title: t("devices.chosen", { name }) }), onError }),
  );
  const test = useMutation(api.devices.selfTest.mutationOptions({ onError }));
  const busy: Busy | null = choose.isPending
    ? { id: choose.variables.device, what: "choosing" }
    : test.isPending
      ? { id: test.variables.device, what: "testing" }
      : null;
  return { choose: (device: DeviceId) => choose.mutate({ device }), test: (device: DeviceId) => test.mutate({ device }), busy };
}

interface DeviceRowProps {
  readonly device: DeviceEntry;
  readonly busy: Busy | null;
  readonly onChoose: (device: DeviceId) => void;
  readonly onTest: (device: DeviceId) => void;
}

function DeviceRow({ device, busy, onChoose, onTest }: DeviceRowProps): ReactNode {
  const { t } = useTranslation();
  const { id, name, memoryBytes, available, isInUse, test } = device;
  const { imagesPerSecond: speed = null, parity = null } = test ?? {};
  const facts = [t(`devices.provider.${id}`), ...(memoryBytes === null ? [] : [formatBytes(memoryBytes)])];
  const doing = busy?.id === id ? busy.what : null;
  return (
    <li
      aria-current={isInUse ? "true" : undefined}
      className={cn(columns, "items-start border-b border-line px-4 py-2.5", isInUse && "bg-control")}
    >
      <Icon icon={icons[id]} className={cn("mt-px", available ? "text-fg-2" : "text-fg-off")} />
      <div className="min-w-0">
        <div className={cn("truncate font-medium", !available && "text-fg-3")} title={name}>
          {name}
        </div>
        <div className="text-2xs text-fg-3">{facts.join(", ")}</div>
        <StateLine device={device} doing={doing} />
      </div>
      <span className="text-right">{speed === null ? "" : t("devices.rate", { speed: formatSpeed(speed) })}</span>
      <span className="text-right">{parity === null ? "" : formatParity(parity)}</span>
      <span className="flex justify-end gap-1">
        <Button
          size="sm"
          variant="ghost"
          icon={Play}
          disabled={busy !== null}
          aria-label={t("devices.testDevice", { name })}
          onClick={() => onTest(id)}
        >
          {t("devices.test")}
        </Button>
        <Button
          size="sm"
          disabled={busy !== null || isInUse || !available}
          aria-label={t("devices.useDevice", { name })}
          onClick={() => onChoose(id)}
        >
          {t(isInUse ? "devices.inUse" : "devices.use")}
        </Button>
      </span>
    </li>
  );
}

/** One line: what is going on, else what went wrong last, else when it was tested. */
function StateLine({ device, doing }: { readonly device: DeviceEntry; readonly doing: Busy["what"] | null }): ReactNode {
  const { t } = useTranslation();
  const { available, detail, failure, test } = device;
  if (doing !== null)
    return (
      <div role="status" className="text-2xs text-fg-1">
        {t(`devices.${doing}`)}
      </div>
    );
  if (!available) return <div className="text-2xs break-words text-fg-3">{detail}</div>;
  if (failure !== null)
    return (
      <div className="text-2xs break-words text-warn">
        {t("devices.failed", { date: formatDate(failure.atMs), message: failure.message })}
      </div>
    );
  if (test === null) return <div className="text-2xs text-fg-3">{t("devices.untested")}</div>;
  if (!test.ok) return <div className="text-2xs break-words text-warn">{t("devices.testFailed", { message: test.message ?? "" })}</div>;
  return <div className="text-2xs text-fg-3">{t("devices.tested", { date: formatDate(test.atMs) })}</div>;
}
