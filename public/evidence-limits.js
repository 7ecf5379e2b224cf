// @ts-check
// What an evidence pack may hold, since its maker may be hostile. The page and the command use the same numbers.

/** Every pack has six. */
export const mostFiles = 20
export const mostPackBytes = 1_000_000_000
/** Five million entries, which is the largest log that there is, of 800 bytes each: twice the usual. */
export const mostCsvBytes = 4_000_000_000
/** Of every file but the CSV and the digests of its rows, and of the directory of the zip. */
export const mostSmallBytes = 100_000

/**
 * How many times its packed size a file may be. Logs reach 5, one that tells the same of the same person all the time 23.
 * What stays below `mostExpanded` costs nobody anything, however well it was packed.
 */
export const mostExpansion = 30
export const mostExpanded = 10_000_000

/** A changed CSV is held in memory to say where; of a larger one it is said that it was changed, and no more. */
export const mostBytesCompared = 50_000_000
export const mostRowsCompared = 110_000
/** Of a longer row, and of one with more cells, which no log has, only the beginning is looked at. */
export const mostRowBytes = 100_000
export const mostCells = 100
