/** @file What a picture says about itself: its colours, how it was generated, taken and described. */
import { Copy } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AssetMetadata, Capture, Description, Generation, PaletteColour } from "#shared/domain/asset-metadata";
import type { AssetId } from "#shared/domain/asset";
import { formatDate } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { IconButton } from "../../../ui/icon-button";
import { Facts, Section } from "../../../ui/section";
import { notify } from "../../../ui/toast";
import { facetLabel } from "../../../lib/facet-words";
import { RawMetadataDialog } from "./raw-metadata-dialog";

type Fact = readonly [name: string, value: string | null];

export interface DetailMetadataProps {
  readonly assetId: AssetId;
  readonly metadata: AssetMetadata;
  /** Asks the library for pictures with this. */
  readonly onFilter: (condition: string) => void;
}

/** Nothing of a kind shows nothing. */
export function DetailMetadata({ assetId, metadata, onFilter }: DetailMetadataProps): ReactNode {
  const { generation, capture, description, palette } = metadata;
  return (
    <>
      {palette.length > 0 && <Palette palette={palette} onFilter={onFilter} />}
      {generation && <GenerationFacts assetId={assetId} generation={generation} />}
      {capture && <CaptureFacts capture={capture} />}
      {description && <DescriptionFacts description={description} />}
    </>
  );
}

function Palette({ palette, onFilter }: { readonly palette: readonly PaletteColour[] } & Pick<DetailMetadataProps, "onFilter">): ReactNode {
  const { t } = useTranslation();
  return (
    <Section title={t("library.metadata.palette")}>
      <div className="flex h-5">
        {palette.map(({ colour, share }) => {
          const label = t("library.metadata.paletteColour", { colour, percent: Math.round(share * 100) });
          return (
            <button
              key={colour}
              type="button"
              aria-label={label}
              title={label}
              onClick={() => onFilter(`colour ~ ${colour}`)}
              style={{ backgroundColor: colour, flexGrow: share }}
              className="h-full min-w-1.5 basis-0 border-0 p-0"
            />
          );
        })}
      </div>
    </Section>
  );
}

function GenerationFacts({ assetId, generation }: { readonly assetId: AssetId; readonly generation: Generation }): ReactNode {
  const { t } = useTranslation();
  const [isRawOpen, setIsRawOpen] = useState(false);
  const { generator, model, loras, sampler, scheduler, steps, cfgScale, seed, prompt, negativePrompt } = generation;
  const loraTexts = loras.map(({ name, weight }) =>
    weight === null ? name : t("library.metadata.loraAt", { name, weight: weight.toFixed(2) }),
  );
  const sampling = [sampler, scheduler, steps === null ? null : t("library.metadata.steps", { count: steps })].filter(
    (part) => part !== null,
  );
  const facts: readonly Fact[] = [
    [t("library.facets.generator"), facetLabel(t, "generator", generator)],
    [t("library.facets.model"), model],
    [t("library.facets.lora"), loraTexts.join(", ") || null],
    [t("library.facets.sampler"), sampling.join(", ") || null],
    [t("library.metadata.cfg"), cfgScale === null ? null : String(cfgScale)],
    [t("library.metadata.seed"), seed],
  ];
  return (
    <Section
      title={t("library.metadata.generation")}
      aside={
        <Button size="sm" variant="ghost" className="-mr-2" onClick={() => setIsRawOpen(true)}>
          {t("library.metadata.raw")}
        </Button>
      }
    >
      <KnownFacts facts={facts} />
      {prompt !== null && <Prompt title={t("library.metadata.prompt")} text={prompt} />}
      {negativePrompt !== null && negativePrompt !== "" && <Prompt title={t("library.metadata.negativePrompt")} text={negativePrompt} />}
      {isRawOpen && <RawMetadataDialog assetId={assetId} onClose={() => setIsRawOpen(false)} />}
    </Section>
  );
}

/** A text to read and to take along. */
function Prompt({ title, text }: { readonly title: string; readonly text: string }): ReactNode {
  const { t } = useTranslation();
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(() => notify({ title: t("library.metadata.copied", { what: title }) }));
  return (
    <div className="mt-1.5 text-2xs">
      <p className="flex items-center text-fg-3">
        {title}
        <IconButton icon={Copy} label={t("library.metadata.copy", { what: title })} className="ml-auto -mr-1" onClick={copy} />
      </p>
      <p className="line-clamp-6 break-words text-fg-1 select-text" title={text}>
        {text}
      </p>
    </div>
  );
}

function CaptureFacts({ capture }: { readonly capture: Capture }): ReactNode {
  const { t } = useTranslation();
  const { camera, lens, takenMs, exposureSeconds, fNumber, iso, focalLengthMm } = capture;
  const exposure =
    exposureSeconds === null ? null : exposureSeconds >= 0.4 ? `${exposureSeconds} s` : `1/${Math.round(1 / exposureSeconds)} s`;
  const setting = [
    exposure,
    fNumber === null ? null : `f/${fNumber}`,
    iso === null ? null : `ISO ${iso}`,
    focalLengthMm === null ? null : `${focalLengthMm} mm`,
  ];
  const facts: readonly Fact[] = [
    [t("library.facets.camera"), camera],
    [t("library.metadata.lens"), lens],
    [t("library.metadata.taken"), takenMs === null ? null : formatDate(takenMs)],
    [t("library.metadata.exposure"), setting.filter((part) => part !== null).join(", ") || null],
  ];
  return facts.every(([, value]) => value === null) ? null : (
    <Section title={t("library.metadata.capture")}>
      <KnownFacts facts={facts} />
    </Section>
  );
}

function DescriptionFacts({ description }: { readonly description: Description }): ReactNode {
  const { t } = useTranslation();
  const { title, caption, creator, copyright, keywords } = description;
  const facts: readonly Fact[] = [
    [t("library.metadata.title"), title],
    [t("library.metadata.caption"), caption],
    [t("library.metadata.creator"), creator],
    [t("library.metadata.copyright"), copyright],
    [t("library.facets.keyword"), keywords.join(", ") || null],
  ];
  return facts.every(([, value]) => value === null) ? null : (
    <Section title={t("library.metadata.description")}>
      <KnownFacts facts={facts} />
    </Section>
  );
}

function KnownFacts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return <Facts facts={facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))} />;
}
