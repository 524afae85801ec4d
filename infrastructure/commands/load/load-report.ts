import type { LoadReport } from "./load.ts";
import { accepted, type LoadResponse } from "./send-at-rate.ts";

/** A metric and its value; `null` if it was not reached or cannot be measured. */
export type LoadMetric = readonly [metric: string, value: number | null];

/** Whether all `count` calls were answered 200, processed and, if that can be measured, found by a query. */
export function isSuccessful(report: LoadReport, count: number): boolean {
  const { answers, queryable = count, deadLettered, stopped } = report;
  return stopped === undefined && accepted(answers) === count && queryable >= count && deadLettered === 0;
}

/** The metrics of a run, in the order of events. */
export function loadMetrics(report: LoadReport): LoadMetric[] {
  const { began, lastSent, sent, answers, processedAt, queryableAt, queryable, deadLettered, mostMemory } = report;
  const times = answers.filter(({ status }) => status !== 0).map(({ ms }) => ms);
  return [
    ["sent", sent],
    ["accepted (200)", accepted(answers)],
    ...otherAnswers(answers),
    ["sent a second", perSecond(sent - 1, lastSent - began)],
    ["answer in ms, p50", percentile(times, 0.5)],
    ["answer in ms, p95", percentile(times, 0.95)],
    ["answer in ms, p99", percentile(times, 0.99)],
    ["answer in ms, most", percentile(times, 1)],
    ["processed a second", perSecond(accepted(answers), (processedAt ?? Number.NaN) - began)],
    ["s from the last sent until all processed", seconds(processedAt, lastSent)],
    ["s from the last sent until all queryable", seconds(queryableAt, lastSent)],
    ["queryable", queryable ?? null],
    ["dead-lettered", deadLettered],
    ["most memory in MB", mostMemory === 0 ? null : Math.round(mostMemory / 1e6)],
  ];
}

/** The number of each other response: refused, failed, and not answered. */
function otherAnswers(answers: readonly LoadResponse[]): LoadMetric[] {
  const statuses = answers.map(({ status }) => status).filter((status) => status !== 200);
  const kinds = [...new Set(statuses)].sort((one, other) => one - other);
  return kinds.map((kind) => [nameOf(kind), statuses.filter((status) => status === kind).length]);
}

function nameOf(status: number): string {
  if (status === 0) return "not answered";
  return status < 500 ? `refused (${status})` : `failed (${status})`;
}

/** The percentile of `values` by nearest rank, rounded; `null` if there are no values. */
function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.ceil(share * sorted.length) - 1];
  return value === undefined ? null : Math.round(value);
}

function perSecond(count: number, ms: number): number | null {
  return ms > 0 && count > 0 ? rounded((1000 * count) / ms) : null;
}

function seconds(until: number | undefined, from: number): number | null {
  return until === undefined ? null : rounded((until - from) / 1000);
}

function rounded(value: number): number {
  return Math.round(10 * value) / 10;
}
