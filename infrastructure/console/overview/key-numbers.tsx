import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { Answer } from "../api/client.ts";
import { answerQuery } from "../api/queries.ts";
import { Sparkline } from "../charts/day-lines.tsx";
import { countText, daysBetween, durationText, percentText, secondsText, usdText } from "../parts/format.ts";
import { countIn, numberIn, type Row, shareOf, sumOf } from "../parts/row.ts";
import { type Change, change } from "./change.ts";
import { ofAgent, questionAddress, type Scope } from "./scope.ts";

type Overview = Answer<"/api/v1/overview">;

interface KeyNumber {
  readonly name: string;
  readonly question: string;
  readonly value: string;
  readonly change: Change;
  readonly values: readonly (number | null)[];
  readonly isFromZero?: boolean;
}

/** The six numbers at the top, each with its change and its course. */
export function KeyNumbers({ overview, scope }: { readonly overview: Overview; readonly scope: Scope }) {
  const { current, previous, days } = overview;
  const perDay = new Map(days.map((row) => [String(row["day"]), row]));
  const course = (of: (row: Row) => number | null) =>
    daysBetween(scope.from, scope.to).map((day) => (perDay.has(day) ? of(perDay.get(day) ?? {}) : null));
  const hadCalls = countIn(previous, "calls") + countIn(previous, "failed_attempts") > 0;
  const contained = useContained(scope);
  const containedBefore = useContained({ ...scope, from: String(previous["from"]), to: String(previous["to"]) });
  const both = (of: (row: Row) => number | null) => [of(current), hadCalls ? of(previous) : null] as const;

  const numbers: KeyNumber[] = [
    {
      name: "Calls",
      question: "calls-per-day",
      value: countText(countIn(current, "calls")),
      change: change(...both((row) => countIn(row, "calls")), countText),
      values: course((row) => countIn(row, "calls")),
      isFromZero: true,
    },
    {
      name: "Succeeded",
      question: "success-rate",
      value: percentText(successOf(current)),
      change: change(...both(successOf), percentText, { isShare: true, worse: "less" }),
      values: course(successOf),
    },
    {
      name: "Without a person",
      question: "containment",
      value: percentText(contained),
      change: change(contained, hadCalls ? containedBefore : null, percentText, { isShare: true, worse: "less" }),
      values: [],
    },
    {
      name: "Median length",
      question: "call-durations",
      value: durationText(numberIn(current, "p50_duration_secs")),
      change: change(...both((row) => numberIn(row, "p50_duration_secs")), durationText),
      values: course((row) => numberIn(row, "p50_duration_secs")),
    },
    {
      name: "Cost per call",
      question: "cost",
      value: usdText(costOf(current), 3),
      change: change(...both(costOf), (usd) => usdText(usd, 3), { worse: "more" }),
      values: course((row) => shareOf(countIn(row, "cost_usd"), countIn(row, "priced_calls"))),
    },
    {
      name: "Wait for the model, p95",
      question: "slow-turns",
      value: secondsText(numberIn(current, "p95_wait_secs")),
      change: change(...both((row) => numberIn(row, "p95_wait_secs")), secondsText, { worse: "more" }),
      values: course((row) => numberIn(row, "p95_wait_secs")),
      isFromZero: true,
    },
  ];
  return (
    <div className="kpis">
      {numbers.map(({ name, question, value, change: { text, isWorse, size }, values, isFromZero }) => (
        <div className="kpi" key={name}>
          <Link className="k" href={questionAddress(question, scope)} title={`Saved query: ${question}`}>
            <span>{name}</span>
          </Link>
          <div className="v">{value}</div>
          <div className="d">
            {text} {size && <span className={isWorse ? "bad" : ""}>({size})</span>}
          </div>
          <Sparkline values={values} isFromZero={isFromZero ?? false} />
        </div>
      ))}
    </div>
  );
}

/** The share of decided calls that succeeded. */
function successOf(row: Row): number | null {
  const success = countIn(row, "success");
  return shareOf(success, success + countIn(row, "failure"));
}

function costOf(row: Row): number | null {
  return shareOf(countIn(row, "cost_usd"), countIn(row, "priced_calls"));
}

/** The share of calls that no person took over, by the saved query. */
function useContained(scope: Scope): number | null {
  const { data } = useQuery(answerQuery("containment", { from: scope.from, to: scope.to }));
  const rows = ofAgent(data?.items ?? [], scope);
  return shareOf(sumOf(rows, "contained"), sumOf(rows, "calls"));
}
