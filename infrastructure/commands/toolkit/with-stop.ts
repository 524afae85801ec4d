/** Resolves to the result of `work`, or to `undefined` when `stop` is aborted. */
export function withStop<Result>(work: Promise<Result>, stop: AbortSignal): Promise<Result | undefined> {
  if (stop.aborted) return Promise.resolve(undefined);
  const stopped = new Promise<undefined>((resolve) => {
    stop.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  return Promise.race([work, stopped]);
}
