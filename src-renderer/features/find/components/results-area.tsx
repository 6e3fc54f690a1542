/** @file The middle of Find: header, toolbar, and the grid or what stands in its place. */
import type { ReactNode } from "react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { MetricCard } from "#shared/domain/model-card";
import type { SearchEvent } from "#shared/domain/search";
import type { ValueRange } from "../../../charts/scales";
import { formatCount } from "../../../lib/format";
import { ErrorCard } from "../../../ui/error-card";
import { StatusContent } from "../../../ui/status-slot";
import { editQuery, useFind } from "../find-state";
import type { FindView } from "../use-find-view";
import { useDroppedPictures } from "./add-picture";
import { CannotAnswer, NoGoodMatch, NothingAsked, NothingToSearch, PartialNote } from "./find-states";
import { ResultsGrid } from "./results-grid";
import { ResultsHeader } from "./results-header";
import { ResultsToolbar } from "./results-toolbar";

export interface ResultsAreaProps {
  readonly view: FindView;
  readonly range: ValueRange;
  readonly onRetry: () => void;
  readonly onCompare: (id: AssetId) => void;
}

/** Shows the answer; old results stay at full strength until new ones are there. */
export function ResultsArea({ view, range, onRetry, onCompare }: ResultsAreaProps): ReactNode {
  const drop = useDroppedPictures();
  const { card, event } = view;
  const error = useFind((state) => state.search.error);
  return (
    <div className="flex min-h-0 flex-1 flex-col" {...drop}>
      {card !== null && event !== null && <AnswerHead view={view} card={card} event={event} range={range} />}
      {error !== null && (
        <div className="shrink-0 p-4">
          <ErrorCard error={error} onRetry={onRetry} />
        </div>
      )}
      {card !== null && event !== null ? (
        <AnswerBody view={view} card={card} event={event} onCompare={onCompare} />
      ) : (
        error === null && <NoAnswer view={view} />
      )}
    </div>
  );
}

interface AnswerProps {
  readonly view: FindView;
  readonly card: MetricCard;
  readonly event: SearchEvent;
}

function AnswerHead({ view, card, event, range }: AnswerProps & { readonly range: ValueRange }): ReactNode {
  const { split, pairs, cutoff, isNoMatch } = view;
  const asked = useFind((state) => state.search.shownFor);
  const weight = useFind((state) => state.history.present.against);
  const results = useMemo(() => {
    if (asked === null) return null;
    const query = { ...asked, against: asked.against === null ? null : { ...asked.against, weight } };
    return { query, event, cutoff, matches: [...split.above, ...split.below] };
  }, [asked, weight, event, cutoff, split]);
  return (
    <>
      <ResultsHeader {...{ card, event, split, pairs, cutoff, range, isNoMatch }} scores={view.scores} />
      <PartialNote card={card} />
      <ResultsToolbar results={results} hasVotes={view.voteNames.length > 1} hasCopies={view.copyCounts.size > 0} />
    </>
  );
}

function AnswerBody({ view, card, event, onCompare }: AnswerProps & { readonly onCompare: (id: AssetId) => void }): ReactNode {
  const { t } = useTranslation();
  const answeredKey = useFind((state) => state.answeredKey);
  const { split, cutoff, cards, words, pairCount, isNoMatch, best } = view;
  const seconds = (event.milliseconds.total / 1000).toFixed(2);
  return (
    <>
      <StatusContent>
        {t("find.shown", { shown: formatCount(isNoMatch ? 0 : split.above.length), total: formatCount(event.measured), seconds })}
        {event.precision === "int8" && ` · ${t("find.eightBits")}`}
      </StatusContent>
      {isNoMatch && best !== null ? (
        <NoGoodMatch
          {...{ best, card, cards }}
          measured={event.measured}
          onShow={() => useFind.setState({ closestShownFor: answeredKey })}
          onChoose={(metric) => editQuery({ type: "metric", metric })}
        />
      ) : (
        <ResultsGrid
          split={split}
          copyCounts={view.copyCounts}
          cutoff={cutoff}
          selectedId={view.selected?.asset.id ?? null}
          pairs={pairCount}
          words={words}
          onOpen={onCompare}
        />
      )}
    </>
  );
}

function NoAnswer({ view: { card, hasQuestion, isLoaded } }: { readonly view: FindView }): ReactNode {
  if (!isLoaded) return null;
  if (card === null || card.total === 0) return <NothingToSearch />;
  if (!hasQuestion) return <NothingAsked />;
  if (card.state === "needs-model" || card.measured === 0) return <CannotAnswer card={card} />;
  return <Searching />;
}

/** Only after 400 ms: a quick answer needs no word about waiting. */
function Searching(): ReactNode {
  const { t } = useTranslation();
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), 400);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p role="status" className="m-0 grid flex-1 place-items-center text-fg-3">
      {isSlow ? t("find.searching") : null}
    </p>
  );
}
