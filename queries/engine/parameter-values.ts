import { isUtcDate, utcDate } from "../tables/utc-date.ts";
import type { Parameter, ParameterType, SavedQuery } from "./saved-queries.ts";

/** A query does not accept a value. The message has the parameter and its meaning. */
export class ParameterError extends Error {
  override name = "ParameterError";
}

const DAY_MS = 24 * 60 * 60 * 1000;
const INTEGER_MAX = 2 ** 31 - 1;

/** A value with the name of its parameter. A text may look like that, too. */
const NAMED = /^(?<name>[a-z0-9_]+)=(?<value>.*)$/s;

/** A name in the spelling of the time zone database, which every engine accepts. */
const ZONE = /^(UTC|[A-Z][A-Za-z]+(\/[A-Z][\w+-]+)+)$/;

const EXPECTED: Record<ParameterType, string> = {
  string: "a text that is not empty",
  integer: "a whole number",
  double: "a number",
  date: "a date as YYYY-MM-DD, or `today`, or `30 days ago`",
  zone: "a time zone such as UTC or Europe/Berlin",
};

/**
 * Parameters in the order of the command line: first the required ones, then those with a default.
 *
 * The order of the SQL may be different.
 */
export function givenOrder(parameters: readonly Parameter[]): Parameter[] {
  return [
    ...parameters.filter((parameter) => parameter.default === undefined),
    ...parameters.filter((parameter) => parameter.default !== undefined),
  ];
}

/**
 * Returns a value for each `?` of `query`, in the order of the SQL: the `given` values, and defaults for the others.
 *
 * Each of `given` is a value, or `name=value` with the name of a parameter. Values without a name are read in the order
 * of `givenOrder`. If they are not valid in that order, they are read in the order of the SQL, which Athena uses.
 *
 * A date is written as `YYYY-MM-DD`, `today` or `30 days ago`, relative to `today` in UTC.
 *
 * @throws {ParameterError} if a value is missing, of the wrong type or given twice, if there are too many, if there is no
 * parameter with a name, or if the range `from` to `to` ends before it begins.
 */
export function parameterValues(query: SavedQuery, given: readonly string[], today: Date): string[] {
  const { name, parameters } = query;
  const { named, unnamed } = byName(query, given);
  const open = parameters.filter((parameter) => !named.has(parameter.name));
  const fits = (order: readonly Parameter[]) =>
    order.every((parameter, index) => {
      const text = unnamed[index] ?? parameter.default;
      return text !== undefined && checked(text, parameter, today) !== undefined;
    });
  const asGiven = givenOrder(open);
  const order = !fits(asGiven) && fits(open) ? open : asGiven;
  const refused = unnamed.find((text, index) => !order[index] || checked(text, order[index], today) === undefined);
  if (refused !== undefined) checkName(query, refused);
  if (given.length > parameters.length)
    throw new ParameterError(`${name} takes at most ${parameters.length} values, and got ${given.length}.`);
  const values = parameters.map((parameter) =>
    boundValue(parameter, named.get(parameter.name) ?? unnamed[order.indexOf(parameter)], name, today),
  );
  checkRange(query, values);
  return values;
}

function byName({ name: query, parameters }: SavedQuery, given: readonly string[]) {
  const named = new Map<string, string>();
  const unnamed: string[] = [];
  for (const text of given) {
    const { name, value } = text.match(NAMED)?.groups ?? {};
    if (name === undefined || value === undefined || !parameters.some((parameter) => parameter.name === name)) {
      unnamed.push(text);
    } else if (named.has(name)) {
      throw new ParameterError(`${query} takes one value for "${name}", and got two.`);
    } else {
      named.set(name, value);
    }
  }
  return { named, unnamed };
}

/** Refuses a text that no parameter accepts, if it has the form of a value with a name: the name is wrong. */
function checkName({ name: query, parameters }: SavedQuery, text: string): void {
  const { name } = text.match(NAMED)?.groups ?? {};
  if (name === undefined) return;
  const names = parameters.map((parameter) => parameter.name);
  throw new ParameterError(`${query} has no parameter "${name}". Its parameters are ${names.join(", ")}.`);
}

/** Days compare like their texts. */
function checkRange({ parameters }: SavedQuery, values: readonly string[]): void {
  const dayOf = (name: string) => values[parameters.findIndex((each) => each.name === name && each.type === "date")];
  const [from, to] = [dayOf("from"), dayOf("to")];
  if (from === undefined || to === undefined || from <= to) return;
  throw new ParameterError(`"from" is ${from}, which is after "to", ${to}: give the earlier day as "from".`);
}

function boundValue(parameter: Parameter, given: string | undefined, query: string, today: Date): string {
  const { name, meaning } = parameter;
  const text = given ?? parameter.default;
  if (text === undefined) {
    throw new ParameterError(`${query} needs a value for "${name}" (${meaning}): ${expected(parameter)}.`);
  }
  const value = checked(text, parameter, today);
  if (value === undefined) {
    throw new ParameterError(`"${text}" is not a value for "${name}" (${meaning}): it takes ${expected(parameter)}.`);
  }
  return value;
}

function expected({ type, choices }: Parameter): string {
  return choices ? `one of ${choices.join(", ")}` : EXPECTED[type];
}

function checked(text: string, { type, choices }: Parameter, today: Date): string | undefined {
  switch (type) {
    case "string":
      return text === "" || choices?.includes(text) === false ? undefined : text;
    case "integer":
      return /^[+-]?\d+$/.test(text) && Math.abs(Number(text)) <= INTEGER_MAX ? String(Number(text)) : undefined;
    case "double":
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
        ? String(Number(text))
        : undefined;
    case "date":
      return dateOf(text, today);
    case "zone":
      return isZone(text) ? text : undefined;
  }
}

function isZone(text: string): boolean {
  try {
    return ZONE.test(text) && Boolean(new Intl.DateTimeFormat("en", { timeZone: text }));
  } catch {
    return false;
  }
}

function dateOf(text: string, today: Date): string | undefined {
  if (text === "today") return utcDate(today);
  const [, daysAgo] = text.match(/^(\d{1,5}) days? ago$/) ?? [];
  if (daysAgo !== undefined) return utcDate(new Date(today.getTime() - Number(daysAgo) * DAY_MS));
  return isUtcDate(text) ? text : undefined;
}
