/**
 * @file Finds pictures like the references.
 *
 * [Note: Two stages] Stage 1 ranks by the pooled vectors and names candidates; stage 2 scores the candidates (or with `exact` everything) by the
 * metric itself. Both are streamed: the coarse order is there at once, the exact one replaces it in one step.
 */
import type { Match, SearchEvent, SearchQuery } from "#shared/domain/search";
import { ensembleName } from "../metric-names";
import { type AgainstRanking, deeperQuery, openAgainstRanking } from "./against-ranking";
import { createCandidateRanking, type Question, type RankingParts, type Scored } from "./candidate-ranking";
import { searchByEnsemble } from "./ensemble-search";
import type { ExactRanks } from "./exact-ranking";
import { notMeasured } from "./not-measured";
import { matchesOf, type SearchStep } from "./search-matches";
import type { VoteService } from "./vote-service";
import type { YardstickService } from "./yardstick-service";

export interface SearchService {
  run(query: SearchQuery, signal?: AbortSignal): AsyncGenerator<SearchStep, void, undefined>;
}

export interface SearchParts extends RankingParts {
  readonly yardsticks: YardstickService;
  readonly votes: VoteService;
}

/** Creates the search over one library. */
export function createSearchService(parts: SearchParts): SearchService {
  const { store, recipes, yardsticks } = parts;
  const ranking = createCandidateRanking(parts);

  async function* run(query: SearchQuery, signal?: AbortSignal): AsyncGenerator<SearchStep, void, undefined> {
    if (query.metric === ensembleName) {
      yield await searchByEnsemble({ ...parts, ranking }, query, signal);
      return;
    }
    const startedMs = performance.now();
    const question = await ranking.ask(deeperQuery(query));
    const table = store.findEmbeddings(question.recipe.id);
    const measured = (await table?.count()) ?? 0;
    if (table === null || measured === 0) throw notMeasured(store, query);
    const against = await openAgainst(query);
    const embeddedMs = performance.now();

    const coarse = await ranking.rankCoarse(question, table);
    const candidatesMs = performance.now();
    const eventOf = async (stage: SearchEvent["stage"], ranks: ExactRanks): Promise<SearchStep> => {
      const { scored, unranked, precision } = ranks;
      const ordered = against === null ? scored : await against.order(stage, scored, signal);
      const endedMs = performance.now();
      return {
        stage,
        isFinal: stage === "exact",
        matches: await exactOrPooledMatches({ ...question, query }, ordered, stage),
        candidates: coarse.length,
        ...expectedRecall(question, coarse.length, measured),
        measured,
        total: store.assets.count(),
        recipeId: question.recipe.id,
        precision,
        against: (await against?.lookedPast(stage)) ?? null,
        milliseconds: {
          embed: embeddedMs - startedMs,
          candidates: candidatesMs - embeddedMs,
          rerank: endedMs - candidatesMs,
          total: performance.now() - startedMs,
        },
        unranked,
      };
    };

    const byPooled: ExactRanks = { scored: coarse, unranked: 0, precision: "float32" };
    const { ranksByTokens } = question.recipe;
    if (ranksByTokens || against?.ranksByTokens === true) yield await eventOf("coarse", byPooled);
    yield await eventOf("exact", ranksByTokens ? await ranking.rankExact(question, coarse, signal) : byPooled);
  }

  /** null where the query looks past nothing. */
  async function openAgainst(query: SearchQuery): Promise<AgainstRanking | null> {
    return query.against === null ? null : openAgainstRanking({ store, recipes, yardsticks, ranking }, query, query.against);
  }

  async function exactOrPooledMatches(question: Question, scored: readonly Scored[], stage: SearchEvent["stage"]): Promise<Match[]> {
    const { query, recipe, weights } = question;
    const yardstick = stage === "exact" ? await yardsticks.exact(recipe) : await yardsticks.pooled(recipe);
    // Below an unwanted reference a score is on no scale that random pairs could have.
    // A difference of scores, or the best or worst of several, is on another scale than a pair's.
    const isOnScale = weights.every((weight) => weight >= 0) && (weights.length === 1 || query.combine === "mean");
    return matchesOf(parts, { query, rarityOf: (score) => (isOnScale ? yardstick.rarityOf(score) : null) }, scored);
  }

  return { run };
}

/** What the check of the recipe found, where candidates were chosen at all. */
function expectedRecall({ query, stage }: Question, candidates: number, measured: number): Pick<SearchEvent, "expectedRecall"> {
  const isWhole = query.exact || candidates + query.references.length >= measured;
  return isWhole || stage === null ? {} : { expectedRecall: stage.facts.recall };
}
