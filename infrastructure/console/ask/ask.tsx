import "./ask.css";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Link } from "wouter";
import { Notice, Problem, Skeleton } from "../parts/states.tsx";
import { QuestionList } from "./question-list.tsx";
import { QuestionPane } from "./question-pane.tsx";
import { questionsQuery, tablesQuery } from "./questions.ts";

const OwnSql = lazy(() => import("./own-sql.tsx"));

/** The saved questions and their answers, and an editor for own SQL. */
export default function Ask({ name }: { readonly name: string | undefined }) {
  const { data, error, refetch } = useQuery(questionsQuery);
  const hasOwnSql = useQuery(tablesQuery).data?.has_own_sql ?? false;
  const questions = data?.items ?? [];
  const question = questions.find((each) => each.name === name);
  return (
    <div className={`frame af ${name === undefined ? "choosing" : ""}`}>
      <QuestionList questions={questions} current={name} hasOwnSql={hasOwnSql} />
      <div className="pane ans">
        {name !== undefined && (
          <Link className="back link" href="/ask">
            All questions
          </Link>
        )}
        {error ? (
          <Problem error={error} retry={() => void refetch()} />
        ) : name === "sql" ? (
          <Suspense fallback={<Skeleton />}>
            <OwnSql />
          </Suspense>
        ) : question ? (
          <QuestionPane key={question.name} question={question} hasOwnSql={hasOwnSql} />
        ) : data === undefined ? (
          <Skeleton label="The questions are being loaded" />
        ) : name === undefined ? (
          <Notice icon="ask" title="Choose a question">
            <p>
              Each one is a saved query. Its answer is a table and a chart, its address can be shared, and its SQL runs
              unchanged in Athena.
            </p>
          </Notice>
        ) : (
          <Notice icon="unsure" title={`There is no question ${name}`}>
            <p>Choose one from the list.</p>
          </Notice>
        )}
      </div>
    </div>
  );
}
