/** @file What a person decides about candidates by hand: shown at once, kept in the library, told in a notice and taken back by Undo. */
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { CheckMeasure, CheckVerdict } from "#shared/domain/check";
import type { Verdict } from "#shared/domain/verdict";
import { appErrorOf } from "../../lib/app-error-of";
import { useEngine } from "../../lib/engine";
import { notifyError } from "../../ui/toast";
import { useTellStep } from "../../ui/undo";

export interface Verdicts {
  /** What holds for these references, by picture. */
  readonly byHand: ReadonlyMap<AssetId, CheckVerdict>;
  /** Decides on pictures; null leaves them to the cut-offs again. */
  readonly decide: (ids: readonly AssetId[], verdict: CheckVerdict | null) => void;
}

/** `measures` are kept with what is decided: they are what the person saw. */
export function useVerdicts(references: readonly AssetId[], measures: readonly CheckMeasure[]): Verdicts {
  const { t } = useTranslation();
  const { api, client } = useEngine();
  const queryClient = useQueryClient();
  const tell = useTellStep();
  const pending = useRef(0);
  // The same question whatever the order, so that it is asked once.
  const named = useMemo(() => ({ input: { references: [...references].sort() } }), [references]);
  const { data } = useQuery(api.checks.verdicts.list.queryOptions({ ...named, enabled: references.length > 0 }));
  const byHand = useMemo(() => new Map(data?.map(({ assetId, verdict }) => [assetId, verdict])), [data]);

  const decide = useCallback(
    (ids: readonly AssetId[], verdict: CheckVerdict | null) => {
      if (ids.every((id) => (byHand.get(id) ?? null) === verdict)) return;
      const key = api.checks.verdicts.list.queryKey(named);
      /** What the engine has is fetched when the last change is there: before that it would take back on screen what is on its way. */
      const keep = async <Result>(work: () => Promise<Result>): Promise<Result> => {
        pending.current += 1;
        try {
          return await work();
        } finally {
          pending.current -= 1;
          if (pending.current === 0) void queryClient.invalidateQueries({ queryKey: key });
        }
      };
      const say = async (): Promise<void> => {
        const { input } = named;
        showVerdicts(queryClient, key, ids, (assetId) =>
          verdict === null ? null : { assetId, verdict, measures: [...measures], atMs: 0 },
        );
        const change = { ...input, assetIds: [...ids], verdict, measures: [...measures] };
        const { previous } = await keep(() => client.checks.verdicts.set(change));
        const takeBack = async (): Promise<void> => void (await keep(() => client.checks.verdicts.restore(previous)));
        tell({ title: t(`check.decided.${verdict ?? "suggested"}`, { count: ids.length }), takeBack });
      };
      say().catch((error: unknown) => notifyError(appErrorOf(error)));
    },
    [api, client, queryClient, tell, t, named, measures, byHand],
  );
  return { byHand, decide };
}

/** Puts verdicts on screen before the engine has kept them. What is being fetched would say what was there before. */
function showVerdicts(
  queryClient: QueryClient,
  key: readonly unknown[],
  ids: readonly AssetId[],
  verdictOf: (id: AssetId) => Verdict | null,
): void {
  void queryClient.cancelQueries({ queryKey: key });
  const changed = new Set(ids);
  queryClient.setQueryData<readonly Verdict[]>(key, (known = []) => [
    ...ids.flatMap((id) => verdictOf(id) ?? []),
    ...known.filter(({ assetId }) => !changed.has(assetId)),
  ]);
}
