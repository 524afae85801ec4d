import { CHOICES } from "./choices.ts";
import type { CostInput } from "./cost-input.ts";
import { addedRequests, type Requests } from "./counted-archive.ts";
import type { DeployedFunction } from "./deployment.ts";
import { change, dollars, markdownTable, whole } from "./markdown-table.ts";
import { monthlyLines, monthlySum } from "./monthly-cost.ts";
import { pricedLines } from "./priced-lines.ts";
import { PRICES, type Price, type PriceSource, SOURCES, STRENGTHS } from "./prices.ts";
import { questionCost } from "./question-cost.ts";

/** The numbers of calls a month, and the months, that are computed. */
const CALLS = [1_000, 100_000, 1_000_000] as const;
const MONTHS = [1, 12] as const;

/** The tables of docs/cost.md, by the name of their section. */
export function costSections(input: CostInput): Readonly<Record<string, string>> {
  return {
    sums: sums(input),
    lines: CALLS.map((calls) => `### ${whole(calls)} calls a month\n\n${lines(input, calls)}`).join("\n"),
    call: callTable(input),
    deployment: deploymentTable(input),
    choices: choicesTable(input),
    question: questionTable(),
    sources: sourcesTable(),
    prices: pricesTable(),
  };
}

/** The table of sums, which the README has, too. */
export function sums(input: CostInput): string {
  const rows = CALLS.map((calls) => [
    whole(calls),
    ...MONTHS.map((month) => dollars(monthlySum(input, calls, month).usd)),
    dollars(monthlySum(input, calls, 12).usdAfterFreeTiers),
  ]);
  return markdownTable(["calls a month", "month 1", "month 12", "month 12, after the free tiers"], rows, 0);
}

function lines(input: CostInput, calls: number): string {
  const [first = [], twelfth = []] = MONTHS.map((month) => pricedLines(monthlyLines(input, calls, month)));
  const rows = twelfth.map(({ name, usd, usdAfterFreeTiers }, place) => [
    name,
    ...[first[place]?.usd ?? 0, usd, usdAfterFreeTiers].map(dollars),
  ]);
  const [atFirst, last] = [monthlySum(input, calls, 1), monthlySum(input, calls, 12)];
  const sum = ["**Sum**", ...[atFirst.usd, last.usd, last.usdAfterFreeTiers].map((usd) => `**${dollars(usd)}**`)];
  return markdownTable(["line", "month 1", "month 12", "after the free tiers"], [...rows, sum]);
}

function callTable({ call }: CostInput): string {
  const row = (name: string, { puts, gets, lists, recordingPuts, recordingGets }: Requests) => [
    name,
    ...[puts, gets, lists, recordingPuts, recordingGets].map(whole),
  ];
  const ofOneCall = [call.receive.requests, call.process.requests, call.reconcile, call.closeCall];
  const rows = [
    row("receiving it", call.receive.requests),
    row("processing it", call.process.requests),
    row("reconciling it, all runs together", call.reconcile),
    row("closing its day, each call", call.closeCall),
    row(
      "**a call, together**",
      ofOneCall.reduce((sum, each) => addedRequests(sum, each)),
    ),
    row("closing a day, besides its calls", call.closeDay),
    row("packing an hour, besides its calls", call.packHour),
    row("a run of the compactor without work", call.idleCompact.requests),
    row("a run of the reconciler, besides its calls", call.reconcileRun),
  ];
  const names = ["S3 requests of", "puts", "gets", "lists", "puts of MP3s", "gets of MP3s"];
  const { json, mp3, index, live, dayWithOneCall } = call.bytes;
  const kilobytes = (bytes: number) => [`${whole(bytes / 1000)} kB`];
  const bytes = [
    ["its JSON", ...kilobytes(json)],
    ["its recording", ...kilobytes(mp3)],
    ["its index", ...kilobytes(index)],
    ["its rows, live", ...kilobytes(live)],
    ["the parts of a closed day, besides 1 kB for each call", ...kilobytes(dayWithOneCall)],
  ];
  return `${markdownTable(names, rows)}\n${markdownTable(["stored for a call", "bytes"], bytes)}`;
}

function deploymentTable({ deployment, call }: CostInput): string {
  const { functions } = deployment;
  const row = (name: string, each: DeployedFunction) => [
    name,
    `${whole(each.memoryMegabytes)} MB`,
    `${whole(each.diskMegabytes)} MB`,
    whole(each.monthlyRuns) + (each.monthlyRunsWhileBusy > 0 ? `, ${whole(each.monthlyRunsWhileBusy)} if busy` : ""),
    whole(each.secrets + each.parameters),
  ];
  const rows = [
    row("receiver", functions.Receiver),
    row("processor", functions.Processor),
    row("compactor", functions.Compactor),
    row("reconciler", functions.Reconciler),
    ...Object.entries(deployment.otherFunctions).map(([name, each]) => row(name.toLowerCase(), each)),
  ];
  const moves = (all: readonly { readonly days: number; readonly to: string }[]) =>
    all.map(({ days, to }) => `${to} after ${days} days`).join(", ") || "no moves";
  const always = [...call.idleCompact.metrics, ...call.idleReconcile.metrics];
  const withCalls = [...call.receive.metrics, ...call.process.metrics];
  const parts = [
    ["alarms", `${deployment.alarms}, on ${deployment.alarmMetrics} metrics`],
    ["dashboards", whole(deployment.dashboards)],
    ["secrets of Secrets Manager", whole(deployment.secrets)],
    ["our metrics in every hour", always.join(", ") || "none"],
    ["our metrics in hours with a call", withCalls.join(", ") || "none"],
    ["filters of S3's request metrics", whole(deployment.requestMetricFilters)],
    ["objects of 128 kB and more", moves(deployment.moves)],
    ["logs", `${deployment.logDays} days`],
    ["access logs of S3", `${deployment.accessLogDays} days`],
  ];
  const names = ["function", "memory", "disk", "scheduled runs", "secrets"];
  return `${markdownTable(names, rows)}\n${markdownTable(["what else has a price", "in the template"], parts, 2)}`;
}

function choicesTable(input: CostInput): string {
  const columns = [
    [1_000, 12],
    [1_000_000, 1],
    [1_000_000, 12],
  ] as const;
  const rows = CHOICES.map((choice) => [
    choice.name,
    choice.against,
    ...columns.map(([calls, month]) => {
      const after = monthlySum(choice.change(input), calls, month).usd;
      return `${change(after - monthlySum(input, calls, month).usd)} to ${dollars(after)}`;
    }),
  ]);
  const names = columns.map(([calls, month]) => `${whole(calls)} calls, month ${month}`);
  return markdownTable(["choice", "against it", ...names], rows, 2);
}

function questionTable(): string {
  const rows = CALLS.map((calls) => {
    const { athena, lists, gets } = questionCost(calls);
    return [whole(calls), ...[athena, lists, gets, athena + lists + gets].map((usd) => `$${usd.toFixed(5)}`)];
  });
  return markdownTable(["calls a month", "Athena", "S3 lists", "S3 gets", "sum"], rows, 0);
}

function pricesTable(): string {
  const all: Price[] = Object.values(PRICES);
  const rows = all.map(({ usd, unit, sources, free }) => [
    unit,
    `$${plain(usd)}`,
    free ? `${whole(free.amount)} (${SOURCES[free.source].strength})` : "",
    SOURCES[sources[0]].strength,
    sources.join(", "),
  ]);
  return markdownTable(["one", "price", "free a month", "strength", "sources"], rows, 5);
}

function sourcesTable(): string {
  const all: [string, PriceSource][] = Object.entries(SOURCES);
  const rows = all.map(([name, { what, date, strength }]) => [name, what, date, strength]);
  const letters = Object.entries(STRENGTHS).map(([letter, meaning]) => `- **${letter}**: ${meaning}.\n`);
  return `${letters.join("")}\n${markdownTable(["source", "what it is", "date", "strength"], rows, 4)}`;
}

/** A number without an exponent. */
function plain(value: number): string {
  return value.toFixed(12).replace(/\.?0+$/, "");
}
