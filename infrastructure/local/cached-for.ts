/** Caches the result of `load` for `ms` milliseconds. Concurrent callers share one `load`. */
export function cachedFor<Result>(ms: number, load: () => Promise<Result>): () => Promise<Result> {
  let answer: Promise<Result> | undefined;
  let until = Number.POSITIVE_INFINITY;
  return () => {
    if (answer && performance.now() < until) return answer;
    until = Number.POSITIVE_INFINITY;
    const loading = load().finally(() => {
      until = performance.now() + ms;
    });
    answer = loading;
    return loading;
  };
}
