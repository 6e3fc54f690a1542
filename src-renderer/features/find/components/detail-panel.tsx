/** @file The right panel: why the selected result matches, and what to do with it. */
import { ArrowDown, ArrowUp, Layers, Search } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { MetricCard } from "#shared/domain/model-card";
import type { PairScore } from "#shared/domain/score";
import type { Match, SearchReference } from "#shared/domain/search";
import { RarityBar } from "../../../charts/rarity-bar";
import { isTooCommon, rarityFill } from "../../../charts/rarity";
import { VoteDots } from "../../../charts/vote-dots";
import { cn } from "../../../lib/class-names";
import { formatBytes, formatDate, formatDeviations, formatScore } from "../../../lib/format";
import { letterOf } from "../../../lib/vote-names";
import { Button } from "../../../ui/button";
import { Kbd } from "../../../ui/kbd";
import { Facts, Section } from "../../../ui/section";
import { editQuery } from "../find-state";
import { useAssetDetail, usePair } from "../queries";
import type { ResultWords } from "../use-result-words";
import { type VoteName, voteOf } from "../votes";
import { MatchedPair } from "./matched-pair";
import { useMetricTitle } from "./mode-picker";

export interface DetailPanelProps {
  readonly match: Match | null;
  readonly references: readonly SearchReference[];
  readonly card: MetricCard | null;
  readonly voteNames: readonly VoteName[];
  readonly pairs: number;
  readonly words: ResultWords;
  readonly onCompare: (id: AssetId) => void;
}

/** The picture of the question that a result is explained with: the one that counts most. */
function leadingReference(references: readonly SearchReference[]): SearchReference | null {
  return [...references].filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight)[0] ?? null;
}

/** Everything about one result; a sentence while none is selected. */
export function DetailPanel({ match, references, card, voteNames, pairs, words, onCompare }: DetailPanelProps): ReactNode {
  const { t } = useTranslation();
  const reference = leadingReference(references);
  const { pair, error } = usePair(match === null ? null : (reference?.assetId ?? null), match?.asset.id ?? null, card?.metric ?? null);
  if (match === null || card === null) {
    return (
      <div className="grid flex-1 place-items-center p-6 text-center text-fg-3">
        <p className="m-0 max-w-50">{t("find.chooseResult")}</p>
      </div>
    );
  }
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <section className="border-b border-line px-3 pt-3 pb-3">
        <div className="mb-2 flex items-center gap-2">
          <h2 className="m-0 truncate text-sm font-medium select-text" title={match.asset.name}>
            {match.asset.name}
          </h2>
          <span className="ml-auto shrink-0 text-2xs text-fg-3">{t("find.rank", { rank: match.rank })}</span>
        </div>
        {reference !== null && <MatchedPair reference={reference} match={match} pair={pair} hasMap={card.hasHeatMap} error={error} />}
      </section>
      <ScoreSection {...{ match, card, voteNames, pairs, words }} />
      <RefineSection assetId={match.asset.id} onCompare={onCompare} />
      <FileSection match={match} />
      {pair && <RecipeSection card={card} pair={pair} />}
    </div>
  );
}

type ScoreSectionProps = Pick<DetailPanelProps, "voteNames" | "pairs" | "words"> & { readonly match: Match; readonly card: MetricCard };

function ScoreSection({ match, card, voteNames, pairs, words }: ScoreSectionProps): ReactNode {
  const { t } = useTranslation();
  const own = voteOf(card.metric);
  const others = voteNames.filter((name) => name !== own);
  return (
    <Section title={t("find.score")} aside={<span className="text-md text-fg-1">{formatScore(match.score)}</span>}>
      <div className="grid min-h-6 grid-cols-[16px_64px_minmax(0,1fr)_auto] items-center gap-2">
        {own === null ? (
          <span />
        ) : (
          <VoteDots votes={[{ letter: letterOf(own), value: match.votes[own] }]} label={words.votes(match.votes, [own])} />
        )}
        <span className="truncate">{own === null ? card.title : t(`find.vote.${own}`)}</span>
        <RarityBar
          fill={rarityFill(match.rarity, pairs)}
          label={words.sentence(match.rarity)}
          tick={0.5}
          isNegative={isTooCommon(match.rarity)}
          className="[--bar-gap:var(--panel)]"
        />
        <span className="text-right">{words.short(match.rarity)}</span>
      </div>
      {others.map((name) => (
        <div key={name} className="grid min-h-6 grid-cols-[16px_minmax(0,1fr)_auto] items-center gap-2">
          <VoteDots votes={[{ letter: letterOf(name), value: match.votes[name] }]} label={words.votes(match.votes, [name])} />
          <span>{t(`find.vote.${name}`)}</span>
          <span className={cn("text-right", match.votes[name] === false ? "text-reject" : "text-fg-2")}>
            {t(match.votes[name] === null ? "find.voteNone" : match.votes[name] ? "find.voteYes" : "find.voteNo")}
          </span>
        </div>
      ))}
      {match.adjusted !== null && (
        <p className="m-0 mt-1.5 text-2xs text-fg-2">
          {t("find.adjustedNote", {
            adjusted: formatDeviations(match.adjusted),
            other: match.againstScore === null ? t("find.voteNone") : formatScore(match.againstScore),
          })}
        </p>
      )}
      <p className="m-0 mt-1.5 text-2xs text-fg-2">{match.rarity === null ? t("find.rarityUnknown") : t("find.rarityNote")}</p>
    </Section>
  );
}

function RefineSection({ assetId, onCompare }: { readonly assetId: AssetId; readonly onCompare: (id: AssetId) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Section title={t("find.refine")}>
      <div className="grid grid-cols-2 gap-1">
        <Button icon={ArrowUp} onClick={() => editQuery({ type: "nudge", assetId, by: 0.5 })}>
          {t("find.more")} <Kbd shortcut="+" />
        </Button>
        <Button icon={ArrowDown} onClick={() => editQuery({ type: "nudge", assetId, by: -0.5 })}>
          {t("find.less")} <Kbd shortcut="-" />
        </Button>
        <Button variant="ghost" icon={Layers} onClick={() => onCompare(assetId)}>
          {t("find.compare")} <Kbd shortcut="C" />
        </Button>
        <Button variant="ghost" icon={Search} onClick={() => editQuery({ type: "ask", assetIds: [assetId] })}>
          {t("find.findFromThis")} <Kbd shortcut="F" />
        </Button>
      </div>
    </Section>
  );
}

function FileSection({ match: { asset, path } }: { readonly match: Match }): ReactNode {
  const { t } = useTranslation();
  const detail = useAssetDetail(asset.id);
  const file = detail?.files[0];
  const folder = path.replace(/[/\\][^/\\]*$/, "");
  return (
    <Section title={t("find.file")}>
      <Facts
        facts={[
          [t("find.fileFolder"), folder],
          [
            t("find.fileSize"),
            `${asset.width} × ${asset.height}, ${asset.format.toUpperCase()}${file ? `, ${formatBytes(file.sizeBytes)}` : ""}`,
          ],
          ...(file ? [[t("find.fileChanged"), formatDate(file.modifiedMs)] as const] : []),
        ]}
      />
    </Section>
  );
}

/** What decided the numbers: without it a score means nothing on another machine. */
function RecipeSection({ card, pair: { recipe, modelName, device } }: { readonly card: MetricCard; readonly pair: PairScore }): ReactNode {
  const { t } = useTranslation();
  const title = useMetricTitle({ ...card, model: null });
  const { timestep, seed } = recipe.parameters;
  return (
    <Section title={t("find.recipe")}>
      <Facts
        facts={[
          [t("find.recipeMetric"), `${title}, ${t(`find.question.${card.question}`).toLowerCase()}`],
          [t("find.recipeModel"), modelName],
          [t("find.recipeTap"), recipe.tap],
          ...(timestep === undefined
            ? []
            : [
                [t("find.recipeStep"), seed === undefined ? String(timestep) : t("find.recipeStepSeed", { step: timestep, seed })] as const,
              ]),
          [
            t("find.recipeHash"),
            <code key="hash" className="font-mono text-2xs">
              {recipe.modelSha256.slice(0, 10)}
            </code>,
          ],
          [t("find.recipeDevice"), `${device}, ${recipe.precision}`],
        ]}
      />
    </Section>
  );
}
