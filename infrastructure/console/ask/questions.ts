import { queryOptions } from "@tanstack/react-query";
import { type Answer, get } from "../api/client.ts";

/** A saved query. */
export type Question = Answer<"/api/v1/questions">["items"][number];
/** One value of a question that a person gives. */
export type Parameter = Question["parameters"][number];
/** The rows that answer a question. */
export type Rows = Answer<"/api/v1/sql">;
/** A row of an answer. */
export type AnswerRow = Rows["items"][number];
/** Rows, with the time that the request took. */
export type Timed<Body> = Body & { readonly milliseconds: number };

/** All saved queries. They change with the version of the archive only. */
export const questionsQuery = queryOptions({
  queryKey: ["questions"],
  queryFn: ({ signal }) => get("/api/v1/questions", {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The answer to a question. */
export const timedAnswerQuery = (name: string, values: Readonly<Record<string, string>>) =>
  queryOptions({
    queryKey: ["timed answer", name, values],
    queryFn: ({ signal }) =>
      timed(() => get("/api/v1/questions/{name}", { path: { name }, query: values as { format?: "json" } }, signal)),
  });

/** The rows of a statement. A failed one is not repeated. */
export const sqlQuery = (query: string) =>
  queryOptions({
    queryKey: ["sql", query],
    queryFn: ({ signal }) => timed(() => get("/api/v1/sql", { query: { query } }, signal)),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The tables and their columns. */
export const tablesQuery = queryOptions({
  queryKey: ["tables"],
  queryFn: ({ signal }) => get("/api/v1/tables", {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

async function timed<Body extends object>(request: () => Promise<Body>): Promise<Timed<Body>> {
  const start = performance.now();
  const body = await request();
  return { ...body, milliseconds: performance.now() - start };
}

/** The given values in the address, by the names of the parameters. */
export function valuesIn(address: URLSearchParams, { parameters }: Question): Record<string, string> {
  const given = parameters.flatMap(({ name }) => {
    const value = address.get(name);
    return value === null || value === "" ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}

/** The address of a question with values. Values that are the default are left out. */
export function questionAddress({ name, parameters }: Question, values: Readonly<Record<string, string>>): string {
  const given = new URLSearchParams();
  for (const parameter of parameters) {
    const value = values[parameter.name] ?? "";
    if (value !== "" && value !== parameter.default) given.set(parameter.name, value);
  }
  return given.size > 0 ? `/ask/${name}?${given}` : `/ask/${name}`;
}
