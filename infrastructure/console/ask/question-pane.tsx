import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { ApiProblem, fileUrl } from "../api/client.ts";
import { Notice, Problem, Skeleton } from "../parts/states.tsx";
import { useAddress } from "../shell/address.ts";
import { AnswerChart } from "./answer-chart.tsx";
import { AnswerSection } from "./answer-section.tsx";
import { type Question, questionAddress, timedAnswerQuery, valuesIn } from "./questions.ts";
import { notesOf } from "./sql-parts.ts";
import { SqlSection } from "./sql-section.tsx";
import { ValuesForm } from "./values-form.tsx";

/** One question: its values, its answer as a chart and a table, and its SQL. */
export function QuestionPane({ question, hasOwnSql }: { readonly question: Question; readonly hasOwnSql: boolean }) {
  const [address] = useAddress();
  const [, go] = useLocation();
  const { name, topic, parameters } = question;
  const values = valuesIn(address, question);
  const missing = parameters.filter((each) => each.default === null && values[each.name] === undefined);
  const { data, error, isFetching, refetch } = useQuery({
    ...timedAnswerQuery(name, values),
    enabled: missing.length === 0,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="scroll" tabIndex={0} aria-label="Answer">
      <header className="ah">
        <p className="mono t3">
          {topic} / {name}
        </p>
        <h1>{question.question}</h1>
        <p className="t3">{question.grain.replace(/^\w/, (letter) => letter.toUpperCase())}.</p>
      </header>
      <ValuesForm
        question={question}
        values={values}
        isAsking={isFetching}
        ask={(given) => {
          const next = questionAddress(question, given);
          if (next === `${location.pathname}${location.search}`) void refetch();
          else go(next);
        }}
      />
      {error ? (
        <Problem error={error} {...(!isRefused(error) && { retry: () => void refetch() })} />
      ) : missing.length > 0 ? (
        <Notice icon="ask" title={`This question needs a value for ${missing.map((each) => each.name).join(", ")}`}>
          <p>Write it above, and press Enter.</p>
        </Notice>
      ) : data === undefined ? (
        <Skeleton label="The answer is being computed" />
      ) : (
        <>
          {question.chart && data.items.length > 0 && <AnswerChart chart={question.chart} answer={data} />}
          <AnswerSection
            answer={data}
            csvUrl={fileUrl(`/questions/${name}`, { ...values, format: "csv" })}
            csvName={`${name}.csv`}
            range={data.values}
          />
        </>
      )}
      <SqlSection
        name={name}
        sql={question.sql}
        notes={notesOf(question.sql)}
        values={data?.values}
        isEditable={hasOwnSql}
      />
    </section>
  );
}

/** Whether the values must be changed: the same request fails again. */
function isRefused(error: Error): boolean {
  return error instanceof ApiProblem && error.status === 400;
}
