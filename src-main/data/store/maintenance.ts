/** @file Keeps tables compact: after many small writes, and once things are quiet. */
import { maintainVectorIndex } from "./embedding-table";
import type { KeyedTable } from "./keyed-table";
import { embeddingTablePrefix } from "./schema";
import type { Writer } from "./writer";

/** Nothing written for this long counts as quiet. */
const quietMs = 20_000;

export interface Maintenance {
  /** From now on this table is looked after. */
  watch(keyed: KeyedTable): void;
  /** This table is about to be dropped. */
  forget(keyed: KeyedTable): void;
  attach(writer: Writer): void;
  /** Called in the writer's queue after each write. */
  afterWrite(): Promise<void>;
  /** Queues a full pass. */
  optimise(): Promise<void>;
  stop(): void;
}

async function optimiseTable(keyed: KeyedTable, isForced: boolean): Promise<void> {
  const hasChanged = await keyed.optimise(isForced);
  if (hasChanged && keyed.definition.name.startsWith(embeddingTablePrefix)) await maintainVectorIndex(keyed);
}

export function createMaintenance(): Maintenance {
  const tables = new Set<KeyedTable>();
  let writer: Writer | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isOptimising = false;

  const optimise = async (): Promise<void> => {
    const queue = writer;
    if (queue === null || queue.isReadOnly) return;
    isOptimising = true;
    try {
      for (const keyed of tables) await queue.write(() => optimiseTable(keyed, true));
    } finally {
      isOptimising = false;
    }
  };

  return {
    watch: (keyed) => void tables.add(keyed),
    forget: (keyed) => void tables.delete(keyed),
    attach(queue) {
      writer = queue;
    },
    async afterWrite() {
      if (isOptimising) return;
      for (const keyed of tables) await optimiseTable(keyed, false);
      clearTimeout(timer);
      // A pass that fails (the disk is full) is tried again after the next write; the tables are valid without it.
      timer = setTimeout(() => void optimise().catch(() => undefined), quietMs);
      timer.unref();
    },
    optimise,
    stop: () => clearTimeout(timer),
  };
}
