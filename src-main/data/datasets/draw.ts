/** @file Random draws from lists, the same on every machine: what Python's `random` is to the published scripts. */
import { seededRandom } from "../../platform/seeded-random";

export interface Draw {
  /** One item. The list must not be empty. */
  one<Item>(items: readonly Item[]): Item;
  /** `count` different places of the list (all of them when there are fewer), in the order they were drawn. */
  some<Item>(items: readonly Item[], count: number): readonly Item[];
}

/** Creates a source of draws; its state carries over from one to the next. */
export function createDraw(seed: number): Draw {
  const random = seededRandom(seed);
  const some = <Item>(items: readonly Item[], count: number): readonly Item[] => {
    const left = [...items];
    const drawn: Item[] = [];
    while (drawn.length < count && left.length > 0) drawn.push(...left.splice(Math.floor(random() * left.length), 1));
    return drawn;
  };
  return {
    some,
    one: <Item>(items: readonly Item[]): Item => some(items, 1)[0] as Item,
  };
}
