import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { answerQuery, reportQuery } from "../api/queries.ts";
import { countText, durationText, plural } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { numberIn, sumOf } from "../parts/row.ts";
import type { Scope } from "./scope.ts";

/** One sentence on whether every call is in the archive. It has the same height in every state. */
export function HealthStrip({ scope }: { readonly scope: Scope }) {
  const { data, error } = useQuery({ ...reportQuery(scope), placeholderData: keepPreviousData });
  const lags = useQuery(answerQuery("ingest-lag", { from: scope.from, to: scope.to })).data?.items ?? [];
  if (error) return <Strip tone="warn" text="Whether every call is here is not known: the archive did not answer." />;
  if (!data) return <Strip tone="" text="Whether every call is here is being checked." />;

  const missing = data.missing_calls?.length ?? 0;
  const dead = data.dead_letters?.length ?? 0;
  const recordings = sumOf(data.days, "recordings_missing");
  const lag = numberIn(
    lags.findLast((row) => row["source"] === "webhook"),
    "p50_secs",
  );
  const facts = [
    ...(recordings > 0 ? [`${plural(recordings, "recording")} missing`] : []),
    ...(dead > 0 ? [plural(dead, "dead letter")] : []),
    ...(lag !== null ? [`calls arrive ${lag < 60 ? `${Math.round(lag)} s` : durationText(lag)} after their end`] : []),
  ];
  if (missing > 0)
    return <Strip tone="bad" text={`${countText(missing)} calls that ElevenLabs has are not here.`} facts={facts} />;
  if (dead > 0) return <Strip tone="bad" text={`${plural(dead, "call")} could not be processed.`} facts={facts} />;
  if (recordings > 0)
    return <Strip tone="warn" text="Every call that arrived is processed, but a recording is missing." facts={facts} />;
  return <Strip tone="" text="Every call that arrived is processed." facts={facts} />;
}

function Strip(props: {
  readonly tone: "" | "warn" | "bad";
  readonly text: string;
  readonly facts?: readonly string[];
}) {
  const { tone, text, facts = [] } = props;
  return (
    <div className={`note strip ${tone}`} role="status">
      <Icon name={tone === "" ? "ok" : "alert"} />
      <p className="grow">
        {tone === "" ? text : <b className="b">{text}</b>}{" "}
        <Link className="link" href="/archive">
          {tone === "" ? "Details" : "Show them"}
        </Link>
      </p>
      <span className="facts">
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </span>
    </div>
  );
}
