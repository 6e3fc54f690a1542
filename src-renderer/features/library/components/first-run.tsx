/** @file The welcome: choose folders or look at the sample, and see which models and which device are here. */
import { useQuery } from "@tanstack/react-query";
import { Cpu, Folder, Images, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "#shared/domain/device";
import { formatCount } from "../../../lib/format";
import { useEngine } from "../../../lib/engine";
import { Button } from "../../../ui/button";
import { Icon } from "../../../ui/icon";
import { putOffSetup } from "../setup-state";
import { useAddSample, useChooseFolders } from "../use-library";
import { FoundModels } from "./found-models";
import { SampleWall } from "./sample-wall";

/** Shown until there is a library. */
export function FirstRun(): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: status } = useQuery(api.system.status.queryOptions());
  const chooseFolders = useChooseFolders();
  const { addSample, isAdding } = useAddSample();
  return (
    <div className="grid min-h-0 flex-1 grid-cols-[minmax(480px,38.9vw)_minmax(0,1fr)] max-[767px]:grid-cols-1">
      <main className="flex min-h-0 flex-col overflow-auto border-r border-line bg-panel px-12 max-[767px]:px-6 pt-11 pb-7">
        <h1 className="text-xl leading-tight font-semibold tracking-[-.01em] text-balance">{t("firstRun.title")}</h1>
        <p className="mt-2 mb-6 text-sm text-balance text-fg-2">{t("firstRun.lead")}</p>
        <Choice icon={Folder} title={t("firstRun.chooseTitle")} note={t("firstRun.chooseNote")}>
          <Button variant="primary" size="lg" onClick={() => chooseFolders()}>
            {t("firstRun.choose")}
          </Button>
        </Choice>
        {status?.sample.isAvailable && (
          <Choice
            icon={Images}
            title={t("firstRun.sampleTitle")}
            note={t("firstRun.sampleNote", { count: status.sample.imageCount, formatted: formatCount(status.sample.imageCount) })}
          >
            <Button size="lg" onClick={addSample} disabled={isAdding}>
              {t("firstRun.sample")}
            </Button>
          </Choice>
        )}
        <div className="border-t border-line pt-6">
          <FoundModels />
        </div>
        {status && <DeviceLine device={status.device} />}
        <div className="mt-auto flex items-center pt-5">
          <span className="flex-1 text-2xs text-fg-3">{status?.networkRequests === 0 && t("firstRun.offline")}</span>
          <Button size="sm" variant="ghost" onClick={putOffSetup}>
            {t("firstRun.later")}
          </Button>
        </div>
      </main>
      <SampleWall />
    </div>
  );
}

interface ChoiceProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly note: string;
  readonly children: ReactNode;
}

function Choice({ icon, title, note, children }: ChoiceProps): ReactNode {
  return (
    <div className="grid grid-cols-[20px_1fr_auto] items-center gap-3 border-t border-line py-3">
      <Icon icon={icon} className="text-fg-2" />
      <div>
        <h2 className="text-sm font-medium">{title}</h2>
        <p className="text-fg-3">{note}</p>
      </div>
      {children}
    </div>
  );
}

function DeviceLine({ device }: { readonly device: Device }): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  // A graphics card may compute wrongly: its scores are compared with the processor's before it is trusted.
  const { data: test } = useQuery(api.devices.selfTest.queryOptions({ input: { device: device.id } }));
  const verdict = test === undefined ? t("firstRun.deviceTesting") : test.ok ? t("firstRun.deviceOk") : t("firstRun.deviceFailed");
  return (
    <section className="mt-6">
      <h2 className="mb-1.5 text-sm font-semibold">{t("firstRun.device")}</h2>
      <div className="flex min-h-6.5 items-center gap-2">
        <Icon icon={Cpu} />
        <span>{device.name}</span>
        <span className="ml-auto text-fg-2" role="status" title={test?.message ?? undefined}>
          {verdict}
        </span>
      </div>
      <p className="ml-6 text-2xs text-fg-3">{t("firstRun.searchWhile")}</p>
    </section>
  );
}
