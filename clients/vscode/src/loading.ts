/** When the extension's code began to be evaluated: imported before all else. */

/** Milliseconds on the clock of `performance`. */
export const LOADING_SINCE = performance.now();
