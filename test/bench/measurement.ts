/** The values of several runs of one measurement. */
export interface Measurement {
  /** What was measured. */
  readonly of: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
}

/** The units of rows. */
type Unit = "ms" | "s" | "MB" | "calls/s";

/** One row of the table: our measurement beside an alternative and the least that any solution needs. */
export interface BenchRow {
  readonly name: string;
  readonly unit: Unit;
  readonly ours: Measurement;
  /** The usual other way. */
  readonly alternative?: Measurement | undefined;
  /** The least work that has the same effect. */
  readonly floor?: Measurement | undefined;
  /** What a reader must know to compare the numbers. */
  readonly note?: string | undefined;
}

/** The measurement of `values`: a copy of each number that a row has. */
export function measurement(of: string, values: readonly number[]): Measurement {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
  const [least = Number.NaN, most = Number.NaN] = [sorted[0], sorted.at(-1)];
  return { of, median: rounded(median), least: rounded(least), most: rounded(most), runs: values.length };
}

/** `value` with three digits, which is more than a measurement is worth. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** How many times as much as the floor ours takes; `undefined` without a floor. A rate counts the other way round. */
export function ratioToFloor({ ours, floor, unit }: BenchRow): number | undefined {
  if (!floor) return undefined;
  const ratio = unit === "calls/s" ? floor.median / ours.median : ours.median / floor.median;
  return Number.isFinite(ratio) ? rounded(ratio) : undefined;
}

/** The difference of the slowest and the fastest run of ours, in percent of the median. */
export function spreadPercent({ ours }: BenchRow): number {
  return ours.median === 0 ? 0 : Math.round((100 * (ours.most - ours.least)) / ours.median);
}
