import { type FormEvent, useId, useMemo } from "react";
import { Select } from "../parts/select.tsx";
import type { Parameter, Question } from "./questions.ts";

const DATES = ["today", "1 day ago", "7 days ago", "30 days ago", "90 days ago", "365 days ago"];

/** The values of a question. `ask` gets them when the form is sent. */
export function ValuesForm({
  question,
  values,
  isAsking,
  ask,
}: {
  readonly question: Question;
  readonly values: Readonly<Record<string, string>>;
  readonly isAsking: boolean;
  readonly ask: (values: Readonly<Record<string, string>>) => void;
}) {
  const { parameters } = question;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    ask(Object.fromEntries(parameters.map(({ name }) => [name, String(given.get(name) ?? "").trim()])));
  };
  return (
    <form className="af-form" onSubmit={submit}>
      {parameters.map((parameter) => (
        <Field key={parameter.name} parameter={parameter} value={values[parameter.name] ?? parameter.default ?? ""} />
      ))}
      <button type="submit" className="btn pri" disabled={isAsking}>
        Ask <kbd className="kh">Enter</kbd>
      </button>
      {parameters.some(({ type }) => type === "date") && (
        <p className="s t3">
          A day is a UTC day: <span className="mono">2026-11-30</span>, <span className="mono">today</span> or{" "}
          <span className="mono">30 days ago</span>.
        </p>
      )}
    </form>
  );
}

/** A new value, such as after a step back in the history, makes a new field: `key`. */
function Field({ parameter, value }: { readonly parameter: Parameter; readonly value: string }) {
  const { name, type, meaning, choices } = parameter;
  const id = useId();
  const about = meaning.replace(/^\w/, (letter) => letter.toUpperCase());
  const isNumber = type === "integer" || type === "double";
  const common = { id, name, key: value, "aria-describedby": `${id}-about` };
  return (
    <div className={`fl ${choices ? "choice" : type}`}>
      <label htmlFor={id}>
        <span className="mono">{name}</span> {parameter.default === null && <span className="t3">required</span>}
      </label>
      {choices ? (
        <Select {...common} defaultValue={value}>
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </Select>
      ) : (
        <>
          <input
            {...common}
            className="inp"
            defaultValue={value}
            required={parameter.default === null}
            list={`${id}-list`}
            inputMode={isNumber ? "decimal" : undefined}
            autoComplete="off"
            spellCheck={false}
          />
          <Offered id={`${id}-list`} parameter={parameter} />
        </>
      )}
      <span className="s t3 about" id={`${id}-about`} title={about}>
        {about}
      </span>
    </div>
  );
}

function Offered({ id, parameter: { type } }: { readonly id: string; readonly parameter: Parameter }) {
  const zones = useMemo(() => (type === "zone" ? ["UTC", ...Intl.supportedValuesOf("timeZone")] : []), [type]);
  const offered = type === "date" ? DATES : zones;
  return (
    <datalist id={id}>
      {offered.map((each) => (
        <option key={each} value={each} />
      ))}
    </datalist>
  );
}
