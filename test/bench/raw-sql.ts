import { sqlLiteral } from "../../queries/tables/sql-text.ts";

/** The phrase of `find-phrase`. It is in two of 100 calls: to return more rows would take longer than to find them. */
export const PHRASE = "saddle";

/** The fields of a delivery that the statements below read. */
const DATA = `struct(
  conversation_id varchar, agent_id varchar, agent_name varchar,
  transcript struct(
    role varchar, message varchar, interrupted boolean, time_in_call_secs double,
    tool_results struct(tool_name varchar, is_error boolean, error_type varchar, tool_latency_secs double)[]
  )[],
  metadata struct(
    start_time_unix_secs bigint, call_duration_secs double, cost double,
    phone_call struct(direction varchar, type varchar)
  ),
  analysis struct(call_successful varchar)
)`;

const CALLS =
  "with calls as (select data.*, strftime(epoch_ms(1000 * data.metadata.start_time_unix_secs), '%Y-%m-%d') as day from deliveries)";
const TURNS = `${CALLS}, turns as (select day, conversation_id, agent_id, unnest(transcript) as turn from calls)`;

/**
 * DuckDB statements over the raw JSON, for a saved query each. They return the main numbers of the query: they know
 * fewer channels, and no failed attempts, other kinds of turns or surcharges.
 */
const STATEMENTS: ReadonlyMap<string, string> = new Map([
  [
    "calls-per-day",
    `${CALLS} select day, agent_id, max(agent_name), metadata.phone_call.direction as direction, count(*) as calls,
      sum(metadata.call_duration_secs) / 60, avg(metadata.call_duration_secs), sum(metadata.cost)
      from calls group by day, agent_id, direction order by day, agent_id`,
  ],
  [
    "cost",
    `${CALLS} select agent_id, count(*) as calls, sum(metadata.cost),
      sum(metadata.cost) / (sum(metadata.call_duration_secs) / 60),
      sum(metadata.cost) / count(*) filter (where analysis.call_successful = 'success')
      from calls group by agent_id order by 3 desc`,
  ],
  [
    "find-phrase",
    `${TURNS}, numbered as (select *, row_number() over (partition by conversation_id) as n from turns),
      found as (select *, contains(lower(turn.message), '${PHRASE}') as is_hit from numbered),
      near as (select *, bool_or(is_hit) over (partition by conversation_id order by n
        rows between 2 preceding and 2 following) as is_shown from found)
      select day, conversation_id, n, turn.time_in_call_secs, turn.role, is_hit, turn.message
      from near where is_shown order by day, conversation_id, n`,
  ],
  [
    "interruptions",
    `${TURNS} select agent_id, count(distinct conversation_id) as calls,
      count(*) filter (where turn.role = 'agent' and turn.interrupted),
      sum(len(string_split(turn.message, ' '))) filter (where turn.role = 'agent'),
      sum(len(string_split(turn.message, ' '))) filter (where turn.role = 'user')
      from turns group by agent_id order by 3 desc`,
  ],
  [
    "tool-failures",
    `${TURNS}, results as (select agent_id, conversation_id, unnest(turn.tool_results) as result from turns)
      select agent_id, result.tool_name, result.error_type, count(*) filter (where result.is_error) as failures,
      avg(result.tool_latency_secs), max(conversation_id)
      from results group by all having failures > 0 order by failures desc`,
  ],
]);

/** The queries that have a statement over the raw JSON. */
export const RAW_QUERIES = [...STATEMENTS.keys()];

/** The statement for `query` over the raw JSON below `folder`. */
export function rawSql(query: string, folder: string): string {
  const files = sqlLiteral(`${folder.replaceAll("\\", "/")}/*/*.json`);
  const deliveries = `deliveries as (select data from read_json(${files}, columns = {type: 'varchar', data: ${sqlLiteral(DATA)}}) where type = 'post_call_transcription')`;
  return (STATEMENTS.get(query) ?? "").replace("with calls as", `with ${deliveries}, calls as`);
}
