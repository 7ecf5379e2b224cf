const batch = 1_000

/** Removes rows some at a time until none is left, so that no statement takes long and no lock is held for long. */
export async function inBatches(removeSome: (most: number) => Promise<number>, most = batch): Promise<void> {
  while ((await removeSome(most)) >= most);
}
