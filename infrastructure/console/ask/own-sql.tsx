import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { ApiProblem, fileUrl } from "../api/client.ts";
import { Icon } from "../parts/icon.tsx";
import { Notice, Problem, Skeleton } from "../parts/states.tsx";
import { AnswerSection } from "./answer-section.tsx";
import { keepInAddress, sqlInAddress } from "./own-sql-address.ts";
import { sqlQuery, tablesQuery } from "./questions.ts";
import { TableList } from "./table-list.tsx";

const SqlEditor = lazy(() => import("./sql-editor.tsx"));

const EXAMPLE = `-- How long are the calls of each agent?
select
    agent_name,
    count(*) as calls,
    round(avg(duration_secs), 1) as average_secs
from conversations
where dt >= cast(date_add('day', -30, current_date) as varchar)
group by agent_name
order by calls desc`;

/** An editor for a SELECT, and its rows. A statement in the address is not run until a person asks for it. */
export default function OwnSql() {
  const client = useQueryClient();
  const tables = useQuery(tablesQuery);
  const [initial, setInitial] = useState(() => sqlInAddress() || EXAMPLE);
  const text = useRef(initial);
  const [asked, setAsked] = useState<string>();
  const { data, error, isFetching, refetch } = useQuery({ ...sqlQuery(asked ?? ""), enabled: asked !== undefined });

  // The first statement starts the engine's process. So no person waits for that.
  const isOffered = tables.data?.has_own_sql ?? false;
  useEffect(() => {
    if (isOffered) void client.prefetchQuery(sqlQuery("select 1"));
  }, [client, isOffered]);
  useEffect(() => {
    const onAddress = () => {
      text.current = sqlInAddress() || EXAMPLE;
      setInitial(text.current);
    };
    addEventListener("hashchange", onAddress);
    addEventListener("popstate", onAddress);
    return () => {
      removeEventListener("hashchange", onAddress);
      removeEventListener("popstate", onAddress);
    };
  }, []);

  const keep = useCallback((sql: string) => {
    text.current = sql;
    keepInAddress(sql);
  }, []);
  const run = (sql: string) => {
    if (sql === asked) void refetch();
    else setAsked(sql);
  };
  const stop = () => {
    void client.cancelQueries({ queryKey: ["sql"] });
    setAsked(undefined);
  };

  if (tables.error) return <Problem error={tables.error} retry={() => void tables.refetch()} />;
  if (!tables.data) return <Skeleton />;
  if (!isOffered)
    return (
      <Notice icon="ask" title="Own SQL is not run here">
        <p>
          It is run for an archive in a folder, and only on the machine itself. Use{" "}
          <span className="mono">npm run query</span>, or Athena.
        </p>
      </Notice>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="scroll" tabIndex={0} aria-label="Own SQL">
      <header className="ah">
        <h1>Own SQL</h1>
        <p className="t2">
          A SELECT as Athena runs it, on this machine’s files. It only reads the tables, for at most 10 s, and returns
          at most 10,000 rows.
        </p>
      </header>
      <Suspense fallback={<div className="editor sk-editor" />}>
        <SqlEditor
          initial={initial}
          tables={tables.data.items}
          place={error instanceof ApiProblem && !isFetching ? error.place : undefined}
          onChange={keep}
          onRun={run}
        />
      </Suspense>
      <div className="ctl runs">
        {isFetching ? (
          <button type="button" className="btn" onClick={stop}>
            <Icon name="close" />
            Stop
          </button>
        ) : (
          <button type="button" className="btn pri" onClick={() => run(text.current)}>
            Run <kbd className="kh">Ctrl Enter</kbd>
          </button>
        )}
        <span className="s t3" role="status">
          {isFetching ? "The statement is running" : ""}
        </span>
      </div>
      {isFetching ? (
        <Skeleton label="The statement is running" />
      ) : error ? (
        <SqlError error={error} />
      ) : data ? (
        <AnswerSection
          answer={data}
          csvUrl={fileUrl("/sql", { query: asked ?? "", format: "csv" })}
          csvName="answer.csv"
          range={{}}
        />
      ) : null}
      <TableList tables={tables.data.items} />
    </section>
  );
}

function SqlError({ error }: { readonly error: Error }) {
  if (!(error instanceof ApiProblem) || error.status !== 400) return <Problem error={error} />;
  const { place, detail } = error;
  return (
    <p className="note bad sqlerror" role="alert">
      <Icon name="alert" />
      <span>
        {place && (
          <b>
            Line {place.line}, column {place.column}:{" "}
          </b>
        )}
        <bdi>{detail}</bdi>
      </span>
    </p>
  );
}
