/** How a number changed. */
export interface Change {
  /** `was 0:48`. */
  readonly text: string;
  /** `+2 %`, with a word if that is worse; empty if it cannot be stated. */
  readonly size: string;
  readonly isWorse: boolean;
}

interface Options {
  /** A share changes by points, and not by percent. */
  readonly isShare?: boolean;
  /** Which direction is worse, if one is. */
  readonly worse?: "more" | "less";
}

/** Changes below this are noise, and not called worse: a part of the value before, or a point of a share. */
const NOISE = { part: 0.05, points: 1 };

/** The change from `before` to `now`. */
export function change(
  now: number | null,
  before: number | null,
  text: (value: number) => string,
  { isShare = false, worse }: Options = {},
): Change {
  if (before === null) return { text: "nothing before to compare with", size: "", isWorse: false };
  const was = `was ${text(before)}`;
  if (now === null || (before === 0 && !isShare)) return { text: was, size: "", isWorse: false };
  const difference = isShare ? 100 * (now - before) : (now - before) / before;
  const isWorse =
    worse !== undefined &&
    (worse === "more" ? difference > 0 : difference < 0) &&
    Math.abs(difference) > (isShare ? NOISE.points : NOISE.part);
  const size = isShare
    ? `${Math.abs(difference).toFixed(1)} points`
    : `${Math.abs(100 * difference).toFixed(0)}\u202f%`;
  return { text: was, size: `${difference < 0 ? "−" : "+"}${size}${isWorse ? ", worse" : ""}`, isWorse };
}
