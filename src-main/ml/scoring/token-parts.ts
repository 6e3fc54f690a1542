/**
 * @file What each token of a picture adds to the Aligned Attention Score of one direction, so that the score of some of the tokens can be told afterwards.
 *
 *   score of some tokens = sum of agreement / sqrt(sum of crossed * sum of own)
 *
 * This is the cosine of what these tokens gather abroad and at home. `crossed` and `own` are shares: over all tokens each sums to 1, so that `agreement`
 * sums to the score of the direction itself.
 */

/** Of each token, class and register tokens first. */
export interface TokenParts {
  /** Its summand of the cosine of the direction. */
  readonly agreement: Float32Array;
  /** Its share of the squared length of what is gathered in the other picture. */
  readonly crossed: Float32Array;
  /** Its share of the squared length of what is gathered at home. */
  readonly own: Float32Array;
}

/** The parts by each token's cosine and its squared lengths. A side that gathers nothing has no parts but zeros. */
export function tokenParts(tokens: {
  readonly heat: Float32Array;
  readonly crossedSquared: Float32Array;
  readonly ownSquared: Float32Array;
}): TokenParts {
  const crossed = shares(tokens.crossedSquared);
  const own = shares(tokens.ownSquared);
  const agreement = tokens.heat.map((cosine, token) => cosine * Math.sqrt((crossed[token] ?? 0) * (own[token] ?? 0)));
  return { agreement, crossed, own };
}

/** The mean over several looks at a pair. */
export function meanParts(looks: readonly TokenParts[]): TokenParts {
  const mean = (name: keyof TokenParts): Float32Array =>
    Float32Array.from(looks[0]?.[name] ?? [], (_, token) => looks.reduce((sum, look) => sum + (look[name][token] ?? 0), 0) / looks.length);
  return { agreement: mean("agreement"), crossed: mean("crossed"), own: mean("own") };
}

function shares(squared: Float32Array): Float32Array {
  const total = squared.reduce((sum, value) => sum + value, 0);
  return total === 0 ? squared : squared.map((value) => value / total);
}
