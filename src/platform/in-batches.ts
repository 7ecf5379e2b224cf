const batch = 1_000

/** Removes rows in batches until none is left, so that no statement takes long or holds its locks for long. */
export async function inBatches(removeSome: (most: number) => Promise<number>, most = batch): Promise<void> {
  while ((await removeSome(most)) >= most);
}
