import { availableParallelism } from 'node:os';

/** Runs a task for every item, in parallel on all processors. Results are in the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  task: (item: Item) => Promise<Result>,
): Promise<PromiseSettledResult<Result>[]> {
  const results = new Array<PromiseSettledResult<Result>>(items.length);
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      results[index] = (await Promise.allSettled([task(item)]))[0];
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}
