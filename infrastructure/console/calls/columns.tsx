import type { ReactNode } from "react";
import type { CallRow, CallSort } from "../api/queries.ts";
import {
  callerText,
  durationText,
  localText,
  NOTHING,
  plural,
  shortId,
  timeText,
  usdText,
  weekdayText,
} from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { callTitle, channelIcon, channelText, Outcome, outcomeOf } from "../parts/outcome.tsx";

/** A column of the list of calls. */
export interface Column {
  readonly id: string;
  readonly name: string;
  /** Its width, as CSS grid has it. */
  readonly width: string;
  readonly isNumber?: boolean;
  /** The order that its head selects, without a minus. */
  readonly sort?: "started_at" | "duration_secs" | "cost_credits" | "rating";
  readonly cell: (call: CallRow, isGrouped: boolean) => ReactNode;
}

/** All columns. The first ones of `DEFAULT_COLUMNS` are shown until others are chosen. */
export const COLUMNS: readonly Column[] = [
  {
    id: "time",
    name: "UTC",
    width: "auto",
    sort: "started_at",
    cell: ({ started_at, event_at }, isGrouped) => {
      // An attempt that failed has no start.
      const at = started_at ?? event_at;
      if (at === null) return NOTHING;
      return (
        <time dateTime={at} title={localText(at)}>
          {isGrouped ? timeText(at) : `${weekdayText(at)}, ${timeText(at)}`}
        </time>
      );
    },
  },
  { id: "title", name: "Call", width: "minmax(0, 1fr)", cell: (call) => <Title call={call} /> },
  {
    id: "caller",
    name: "Caller",
    width: "144px",
    cell: ({ channel, direction, caller }) => (
      <span className="who">
        <Icon name={channelIcon(channel, direction)} />
        <span className="cut">{callerText(caller)}</span>
      </span>
    ),
  },
  { id: "agent", name: "Agent", width: "112px", cell: agentCell },
  {
    id: "length",
    name: "Length",
    width: "48px",
    isNumber: true,
    sort: "duration_secs",
    cell: (call) => durationText(call.duration_secs),
  },
  {
    id: "rated",
    name: "Rated",
    width: "44px",
    isNumber: true,
    sort: "rating",
    cell: ({ rating }) =>
      rating === null ? (
        <span className="t3">{NOTHING}</span>
      ) : (
        <span className={rating <= 2 ? "bad" : ""}>{rating}/5</span>
      ),
  },
  { id: "channel", name: "Channel", width: "80px", cell: ({ channel }) => channelText(channel) },
  { id: "direction", name: "Direction", width: "72px", cell: ({ direction }) => direction ?? NOTHING },
  { id: "language", name: "Language", width: "64px", cell: ({ main_language }) => main_language ?? NOTHING },
  {
    id: "cost",
    name: "Cost",
    width: "64px",
    isNumber: true,
    sort: "cost_credits",
    cell: ({ cost_usd }) => usdText(cost_usd, 3),
  },
  {
    id: "credits",
    name: "Credits",
    width: "60px",
    isNumber: true,
    sort: "cost_credits",
    cell: ({ cost_credits }) => cost_credits ?? NOTHING,
  },
  { id: "turns", name: "Turns", width: "48px", isNumber: true, cell: ({ turn_count }) => turn_count ?? NOTHING },
  {
    id: "tools",
    name: "Tools",
    width: "48px",
    isNumber: true,
    cell: ({ tool_call_count }) => tool_call_count ?? NOTHING,
  },
  { id: "source", name: "Source", width: "72px", cell: ({ source }) => source ?? NOTHING },
  {
    id: "ended",
    name: "Ended by",
    width: "144px",
    cell: ({ termination_reason }) => <span className="cut">{termination_reason ?? NOTHING}</span>,
  },
  {
    id: "version",
    name: "Version",
    width: "112px",
    cell: ({ version_id }) => <span className="mono cut">{version_id ?? NOTHING}</span>,
  },
];

/** The columns that are shown until others are chosen. */
const DEFAULT_COLUMNS: readonly string[] = ["time", "title", "caller", "agent", "length", "rated"];

/** The shown columns, in the order of `COLUMNS`, for the parameter `cols` of the address. */
export function columnsIn(parameter: string | null): Column[] {
  const chosen = new Set(parameter?.split(",") ?? DEFAULT_COLUMNS);
  return COLUMNS.filter(({ id }) => id === "title" || chosen.has(id));
}

/** The order that a click on the head of a column selects: descending first. */
export function nextSort(column: NonNullable<Column["sort"]>, current: CallSort): CallSort {
  return current === `-${column}` ? column : `-${column}`;
}

function agentCell({ agent_id, agent_name }: CallRow): ReactNode {
  if (agent_name)
    return (
      <span className="cut t2" title={agent_name}>
        {agent_name}
      </span>
    );
  return (
    <span className="mono t3 cut" title={agent_id ?? undefined}>
      {agent_id ? shortId(agent_id) : NOTHING}
    </span>
  );
}

function Title({ call }: { readonly call: CallRow }) {
  return (
    <span className="tt">
      <Outcome kind={outcomeOf(call)} isShort />
      <bdi className={`cut ${call.title ? "" : "t2"}`}>{callTitle(call)}</bdi>
      <span className="fl">
        <Flag icon="tool" tone="bad" count={call.tool_error_count ?? 0} what="tool error" />
        <Flag icon="interrupted" count={call.interrupted_count ?? 0} what="interruption" />
      </span>
    </span>
  );
}

function Flag(props: {
  readonly icon: "tool" | "interrupted";
  readonly tone?: "bad";
  readonly count: number;
  readonly what: string;
}) {
  const { icon, tone = "", count, what } = props;
  if (count === 0) return null;
  return (
    <span className={`tag ${tone}`} title={plural(count, what)}>
      <Icon name={icon} />
      {count}
      <span className="vh"> {plural(count, what)}</span>
    </span>
  );
}
