/** @file Triplets of the library, one after the other, for its owner to judge by keyboard. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, ArrowRight, SkipForward, Undo2 } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetSummary } from "#shared/domain/asset";
import type { DealtTriplet, TripletSide } from "#shared/domain/benchmark";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { formatCount } from "../../../lib/format";
import { Artwork } from "../../../ui/artwork";
import { Button } from "../../../ui/button";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorCard } from "../../../ui/error-card";
import { Toolbar } from "../../../ui/toolbar";
import { notifyError } from "../../../ui/toast";

const answers: Readonly<Record<string, TripletSide | null>> = { ArrowLeft: "a", ArrowRight: "b", ArrowDown: null };

/** Left, right or skip; Backspace takes the last answer back, Escape ends. */
export function JudgeView({ onDone }: { readonly onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const { dealt, error, said, say, undo } = useJudging();
  const area = useRef<HTMLDivElement>(null);
  // The keys work at once, and again after a button was pressed.
  useEffect(() => area.current?.focus(), [dealt?.number]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const answer = answers[event.key];
    if (answer !== undefined) say(answer);
    else if (event.key === "Backspace") undo();
    else if (event.key === "Escape") onDone();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <Toolbar label={t("trust.judging")}>
        <h2 className="m-0 text-sm font-medium">{t("trust.question")}</h2>
        <span className="min-w-0 truncate text-fg-3" role="status">
          {t("trust.judged", { count: said, formatted: formatCount(said) })}
        </span>
        <Button size="sm" className="ml-auto" onClick={onDone}>
          {t("trust.done")}
        </Button>
      </Toolbar>
      {error !== null && (
        <div className="p-8">
          <ErrorCard error={appErrorOf(error)} />
        </div>
      )}
      {dealt === null && error === null && <EmptyState title={t("trust.nothingToJudge")}>{t("trust.nothingToJudgeNote")}</EmptyState>}
      {dealt && (
        // Answers are keys of the whole area; the buttons in it are the same for the pointer.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <div
          ref={area}
          role="group"
          aria-label={t("trust.judging")}
          tabIndex={-1}
          onKeyDown={onKeyDown}
          className="flex min-h-0 flex-1 flex-col items-center gap-3 p-4 outline-none"
        >
          <Dealt dealt={dealt} onSay={say} />
          <div className="flex shrink-0 gap-2 [--control:var(--control-hover)]">
            <Button icon={ArrowLeft} onClick={() => say("a")}>
              {t("trust.left")}
            </Button>
            <Button icon={SkipForward} onClick={() => say(null)}>
              {t("trust.skip")}
            </Button>
            <Button icon={ArrowRight} onClick={() => say("b")}>
              {t("trust.right2")}
            </Button>
            <Button variant="ghost" icon={Undo2} disabled={dealt.number === 0} onClick={undo}>
              {t("trust.takeBack")}
            </Button>
          </div>
          <p className="shrink-0 text-2xs text-fg-3">{t("trust.judgeKeys")}</p>
        </div>
      )}
    </>
  );
}

interface DealtProps {
  readonly dealt: DealtTriplet;
  readonly onSay: (choice: TripletSide) => void;
}

/** The reference over two pictures that are buttons too. */
function Dealt({ dealt, onSay }: DealtProps): ReactNode {
  const { t } = useTranslation();
  const choice = (side: TripletSide, asset: AssetSummary): ReactNode => (
    <button
      type="button"
      aria-label={t(side === "a" ? "trust.chooseLeft" : "trust.chooseRight", { name: asset.name })}
      onClick={() => onSay(side)}
      className="relative min-h-0 min-w-0 flex-1 border-0 bg-transparent p-0 outline-offset-2 hover:outline-2 hover:outline-select"
    >
      <Artwork src={thumbnailUrl(asset.id, 1024)} alt="" fit="contain" className="size-full" />
    </button>
  );
  return (
    <>
      <Artwork
        src={thumbnailUrl(dealt.reference.id, 1024)}
        alt={t("trust.referenceNamed", { name: dealt.reference.name })}
        fit="contain"
        className="min-h-0 w-full flex-1"
      />
      <p className="shrink-0 text-2xs text-fg-3">{t("trust.reference")}</p>
      <div className="flex min-h-0 w-full flex-1 gap-6">
        {choice("a", dealt.a)}
        {choice("b", dealt.b)}
      </div>
    </>
  );
}

/** The triplet that is asked about, null where there is none; `said` counts the answers of this sitting. */
function useJudging() {
  const { api } = useEngine();
  const queryClient = useQueryClient();
  const [said, setSaid] = useState(0);
  const { data: dealt, error } = useQuery(api.benchmarks.judgements.next.queryOptions({ staleTime: 0, gcTime: 0 }));
  const options = {
    onError: (failure: Error) => notifyError(appErrorOf(failure)),
    // The next answer waits for the next triplet, but not for the lists around it.
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: api.benchmarks.list.key() });
      return queryClient.invalidateQueries({ queryKey: api.benchmarks.judgements.key() });
    },
  };
  const { mutate: sayIt, isPending: isSaying } = useMutation(api.benchmarks.judgements.say.mutationOptions(options));
  const { mutate: takeBack, isPending: isUndoing } = useMutation(api.benchmarks.judgements.undo.mutationOptions(options));
  const isBusy = isSaying || isUndoing;
  const say = (choice: TripletSide | null): void => {
    if (dealt === null || dealt === undefined || isBusy) return;
    const { number, group, reference, a, b } = dealt;
    const judgement = { number, group, reference: reference.id, a: a.id, b: b.id, choice };
    sayIt(judgement, { onSuccess: () => setSaid((count) => count + 1) });
  };
  const undo = (): void => {
    if (dealt === null || dealt === undefined || dealt.number === 0 || isBusy) return;
    takeBack({}, { onSuccess: () => setSaid((count) => Math.max(0, count - 1)) });
  };
  return { dealt, error, said, say, undo };
}
