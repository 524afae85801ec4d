/** `ask`, asked again only `ms` milliseconds after it answered last: until then its answer holds. All who wait share one. */
export function atMostEvery<Result>(ms: number, ask: () => Promise<Result>): () => Promise<Result> {
  let answer: Promise<Result> | undefined;
  let until = Number.POSITIVE_INFINITY;
  return () => {
    if (answer && performance.now() < until) return answer;
    until = Number.POSITIVE_INFINITY;
    const asked = ask().finally(() => {
      until = performance.now() + ms;
    });
    answer = asked;
    return asked;
  };
}
