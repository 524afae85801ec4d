import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { type Answer, get } from "../api/client.ts";
import type { Call } from "../api/queries.ts";
import { callsAddress } from "../calls/filter.ts";
import { callerText, dayText, plural } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { callTitle, Outcome, outcomeOf } from "../parts/outcome.tsx";
import { callAddress } from "./call-address.ts";
import { LongText } from "./long-text.tsx";

type Caller = Answer<"/api/v1/callers/{caller}">;

const SHOWN_CALLS = 5;
const FRESH_MS = 60_000;

const callerQuery = (caller: string) =>
  queryOptions({
    queryKey: ["caller", caller],
    queryFn: ({ signal }) => get("/api/v1/callers/{caller}", { path: { caller } }, signal),
    staleTime: FRESH_MS,
  });

/** The caller's other calls, and what is remembered. */
export function CallerFacts({ call }: { readonly call: Call }) {
  const { caller, conversation_id: id } = call.conversation;
  const isKnown = caller !== null && caller !== "anonymous";
  const { data } = useQuery({ ...callerQuery(caller ?? ""), enabled: isKnown });
  return (
    <section className="fs">
      <h2>
        Caller <span className="t3">{callerText(caller)}</span>
      </h2>
      {isKnown ? (
        data && <Calls caller={data} id={id} />
      ) : (
        <p className="t3">The number was withheld, so other calls are not known.</p>
      )}
      <Memories memories={data?.memories ?? call.memories} />
    </section>
  );
}

function Calls({ caller: { caller, calls, call_count }, id }: { readonly caller: Caller; readonly id: string }) {
  const others = calls.filter((each) => each["conversation_id"] !== id);
  if (others.length === 0) return <p className="t3">No other call is known.</p>;
  return (
    <>
      <ul className="oth">
        {others.slice(0, SHOWN_CALLS).map((each) => {
          const other = {
            status: textOf(each["status"]),
            call_successful: textOf(each["call_successful"]),
            title: textOf(each["title"]),
          };
          const day = textOf(each["started_at"]) ?? textOf(each["dt"]);
          return (
            <li key={String(each["conversation_id"])}>
              <Link href={callAddress(String(each["conversation_id"]))}>
                <Outcome kind={outcomeOf(other)} isShort />
                <bdi className="cut">{callTitle(other)}</bdi>
                <span className="t3 s nw">{day && dayText(day)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
      {others.length > SHOWN_CALLS && (
        <Link className="link s" href={callsAddress({ caller, from: "2020-01-01" })}>
          All {plural(call_count, "call")}
        </Link>
      )}
    </>
  );
}

function Memories({ memories }: { readonly memories: Call["memories"] }) {
  if (memories === null) return <p className="t3 s mem">A memory service has what is remembered.</p>;
  const facts = memories.filter(({ type }) => type === "factual");
  if (facts.length === 0) return null;
  return (
    <details className="mem">
      <summary>
        <Icon name="right" />
        {plural(facts.length, "memory", "memories")}
      </summary>
      {facts.map(({ conversation_id, messages, metadata }) => (
        <blockquote key={conversation_id}>
          <span className="t3 s">{dayText(String(metadata["started_at"] ?? ""))}</span>
          {messages.map(({ content }) => (
            <p key={content}>
              <LongText text={content} />
            </p>
          ))}
        </blockquote>
      ))}
    </details>
  );
}

function textOf(value: string | number | boolean | null | undefined): string | null {
  return typeof value === "string" ? value : null;
}
