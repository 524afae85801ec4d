/** Athena's price in most regions (aws.amazon.com/athena/pricing, 2026-11). */
const USD_PER_TERABYTE = 5;
const MEGABYTE = 1e6;
const TERABYTE = 1e12;

/** The least that a query is charged for. Athena charges whole megabytes. */
const LEAST_MEGABYTES = 10;

/** The price of a query that reads `bytes`, in US dollars at the list price. */
export function athenaUsd(bytes: number): number {
  const megabytes = Math.max(LEAST_MEGABYTES, Math.ceil(bytes / MEGABYTE));
  return (megabytes * MEGABYTE * USD_PER_TERABYTE) / TERABYTE;
}
