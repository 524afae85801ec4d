import { useEffect, useMemo, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { useKeys } from "../shell/keys.ts";
import type { Question } from "./questions.ts";

/** The saved questions by topic, with a field to find one. */
export function QuestionList({
  questions,
  current,
  hasOwnSql,
}: {
  readonly questions: readonly Question[];
  readonly current: string | undefined;
  readonly hasOwnSql: boolean;
}) {
  const [wanted, setWanted] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(() => questions.filter((each) => fits(each, wanted)), [questions, wanted]);
  const topics = [...new Set(found.map(({ topic }) => topic))];

  const [, go] = useLocation();
  const inOrder = topics.flatMap((topic) => found.filter((each) => each.topic === topic));
  const move = (step: number) => {
    const position = inOrder.findIndex(({ name }) => name === current);
    const next = inOrder[position === -1 ? 0 : position + step];
    if (next) go(`/ask/${next.name}`);
  };
  useKeys({ j: () => move(1), k: () => move(-1) });
  useEffect(() => {
    if (current !== undefined) list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [current]);

  return (
    <nav className="pane ql" aria-label="Saved questions">
      <div className="qs">
        {hasOwnSql && (
          <div className="seg full">
            <Link href="/ask" aria-current={current === "sql" ? undefined : "true"}>
              Saved questions
            </Link>
            <Link href="/ask/sql" aria-current={current === "sql" ? "true" : undefined}>
              Own SQL
            </Link>
          </div>
        )}
        <input
          className="inp"
          type="search"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          placeholder="Find a question"
          aria-label="Find a question"
          autoComplete="off"
        />
      </div>
      <div className="scroll" ref={list}>
        {topics.map((topic) => (
          <section key={topic}>
            <h2 className="topic">{topic}</h2>
            {found
              .filter((each) => each.topic === topic)
              .map(({ name, question }) => (
                <Link key={name} href={`/ask/${name}`} aria-current={name === current ? "page" : undefined}>
                  <span className="mono">{name}</span>
                  <span className="d">{question}</span>
                </Link>
              ))}
          </section>
        ))}
        {found.length === 0 && questions.length > 0 && (
          <p className="none t3">No question has these words. Try another one, or a column such as rating.</p>
        )}
      </div>
    </nav>
  );
}

/** Whether each word is in the name, the question, its topic or its SQL. */
function fits({ name, topic, question, sql }: Question, wanted: string): boolean {
  const text = `${name} ${topic} ${question} ${sql}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
