/** Gathers what callers hand in while a write is under way, and writes it together. */
export interface GroupCommit<Item> {
  /** Resolves once the item's group is committed; rejects with the error of its group's write. */
  add(item: Item): Promise<void>;
  /** Resolves when nothing is under way. */
  drain(): Promise<void>;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** At most one `write` runs at a time, with at most `maxGroup` items; a lone caller waits for nobody. */
export function openGroupCommit<Item>(
  write: (items: readonly Item[]) => Promise<void>,
  maxGroup: number,
): GroupCommit<Item> {
  let queue: Waiting<Item>[] = [];
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    // callers of the same turn of the event loop join the first one's group
    await Promise.resolve();
    while (queue.length > 0) {
      const group = queue.slice(0, maxGroup);
      queue = queue.slice(maxGroup);
      try {
        await write(group.map((waiting) => waiting.item));
        for (const waiting of group) waiting.resolve();
      } catch (error) {
        for (const waiting of group) waiting.reject(error);
      }
    }
    running = undefined;
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject });
        running ??= run();
      }),
    async drain() {
      while (running) await running;
    },
  };
}
