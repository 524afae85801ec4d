import { at } from "../../../handlers/call/json.ts";

/** One statement of a policy whose references are resolved. */
export interface Statement {
  /** The policy, the number of the statement in it, its actions and its kinds of resources: the same in every test. */
  readonly name: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly operator: string;
  /** In lower case, because AWS ignores case here. */
  readonly key: string;
  readonly values: readonly string[];
}

/** One right that a call needs. A call is allowed if each of its needs is. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  /** The condition keys of the request, in lower case. A known key that is not here is absent. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * A policy has an element that this evaluation does not model. It is an error, so that nothing is allowed by mistake.
 */
export class UnknownPolicy extends Error {
  override readonly name = "UnknownPolicy";
}

/** The condition keys that requests have, or certainly lack. */
const KEYS = new Set(["aws:securetransport", "s3:tlsversion", "s3:prefix", "s3:delimiter", "s3:max-keys"]);

const OF_IDENTITY = new Set(["Sid", "Effect", "Action", "Resource", "Condition"]);

/**
 * The statements of a role's or a user's policy.
 *
 * @throws UnknownPolicy for every element, operator and condition key that is not modelled: `NotAction`, policy
 * variables and so on.
 */
export function identityStatements(name: string, document: unknown): Statement[] {
  return statementsIn(document).map((statement, n) => parsed(`${name} ${n + 1}`, statement, OF_IDENTITY));
}

/**
 * The statements of a bucket's or a queue's policy that deny something to everyone.
 *
 * Statements that allow a service do not concern our functions. Statements that allow anyone else are not modelled.
 *
 * @throws UnknownPolicy
 */
export function denialsForAll(name: string, document: unknown): Statement[] {
  return statementsIn(document).flatMap((statement) => {
    const principal = at(statement, "Principal");
    const isForAll = principal === "*" || at(principal, "AWS") === "*";
    if (at(statement, "Effect") === "Allow" && at(principal, "Service") !== undefined) return [];
    if (at(statement, "Effect") !== "Deny" || !isForAll) {
      throw new UnknownPolicy(`${name} has a statement for ${JSON.stringify(principal)}, which is not modelled`);
    }
    return [parsed(name, statement, new Set([...OF_IDENTITY, "Principal"]))];
  });
}

/**
 * Whether `statements` allow what a call needs, as IAM evaluates policies within one account: an explicit denial
 * wins, and what nothing allows is denied (docs.aws.amazon.com, IAM policy evaluation logic, 2026-11).
 */
export function isAllowed(need: Need, statements: readonly Statement[]): boolean {
  const matching = statements.filter((statement) => applies(statement, need));
  return matching.length > 0 && matching.every(({ effect }) => effect === "Allow");
}

/** Whether a call that needs these rights is refused without `statement`, and allowed with it. */
export function isNeededFor(needs: readonly Need[], statement: Statement, statements: readonly Statement[]): boolean {
  const others = statements.filter((each) => each !== statement);
  return needs.every((need) => isAllowed(need, statements)) && !needs.every((need) => isAllowed(need, others));
}

function statementsIn(document: unknown): unknown[] {
  return [at(document, "Statement")].flat();
}

function parsed(name: string, statement: unknown, elements: ReadonlySet<string>): Statement {
  const unknown = Object.keys(Object(statement)).filter((element) => !elements.has(element));
  if (unknown.length > 0) throw new UnknownPolicy(`${name} has ${unknown.join(", ")}, which is not modelled`);
  const effect = at(statement, "Effect");
  if (effect !== "Allow" && effect !== "Deny") throw new UnknownPolicy(`${name} has the effect ${effect}`);
  const [actions, resources] = [texts(name, at(statement, "Action")), texts(name, at(statement, "Resource"))];
  const conditions = Object.entries(Object(at(statement, "Condition") ?? {})).flatMap(([operator, keys]) =>
    Object.entries(Object(keys)).map(([key, values]) => condition(name, operator, key, texts(name, values))),
  );
  return { name: `${name}: ${actions.join(", ")} on ${placesOf(resources)}`, effect, actions, resources, conditions };
}

/** The kinds of resources, without the names of buckets and queues, which differ between tests. */
function placesOf(resources: readonly string[]): string {
  const places = resources.map((arn) =>
    arn.replace(/^arn:aws:s3:::[^/]*/, "bucket").replace(/^arn:aws:(\w+):.*$/, "$1"),
  );
  return [...new Set(places)].join(", ");
}

function texts(name: string, value: unknown): string[] {
  return [value].flat().map((each) => {
    if (typeof each === "number" || typeof each === "boolean") return String(each);
    if (typeof each !== "string") throw new UnknownPolicy(`${name} has ${JSON.stringify(each)} where a text belongs`);
    if (each.includes("${")) throw new UnknownPolicy(`${name} has the policy variable ${each}`);
    return each;
  });
}

function condition(name: string, operator: string, key: string, values: readonly string[]): Condition {
  const { base } = split(operator);
  if (base !== "Null" && !(base in OPERATORS)) throw new UnknownPolicy(`${name} has the operator ${operator}`);
  if (!KEYS.has(key.toLowerCase())) throw new UnknownPolicy(`${name} has the condition key ${key}`);
  return { operator, key: key.toLowerCase(), values };
}

function applies({ actions, resources, conditions }: Statement, { action, resource, context }: Need): boolean {
  return (
    actions.some((pattern) => isLike(action.toLowerCase(), pattern.toLowerCase())) &&
    resources.some((pattern) => isArnLike(resource, pattern)) &&
    conditions.every((each) => holds(each, context))
  );
}

type Comparison = (value: string, expected: string) => boolean;

const equal: Comparison = (value, expected) => value === expected;

/** Each operator, and whether it is the opposite of its comparison. */
const OPERATORS: Readonly<Record<string, { readonly compare: Comparison; readonly isNegated?: true }>> = {
  StringEquals: { compare: equal },
  StringNotEquals: { compare: equal, isNegated: true },
  StringLike: { compare: isLike },
  StringNotLike: { compare: isLike, isNegated: true },
  ArnEquals: { compare: isArnLike },
  ArnLike: { compare: isArnLike },
  ArnNotLike: { compare: isArnLike, isNegated: true },
  Bool: { compare: (value, expected) => value.toLowerCase() === expected.toLowerCase() },
  NumericLessThan: { compare: (value, expected) => Number(value) < Number(expected) },
};

/**
 * An absent key fails a condition, except under `Null`, `…IfExists`, and an operator that is negated
 * (docs.aws.amazon.com, IAM JSON policy elements: Condition operators, 2026-11).
 */
function holds({ operator, key, values }: Condition, context: Need["context"]): boolean {
  const value = context[key];
  const { base, isIfExists } = split(operator);
  if (base === "Null") return values.some((expected) => (expected === "true") === (value === undefined));
  const { compare = equal, isNegated = false } = OPERATORS[base] ?? {};
  if (value === undefined) return isIfExists || isNegated;
  return values.some((expected) => compare(value, expected)) !== isNegated;
}

function split(operator: string): { readonly base: string; readonly isIfExists: boolean } {
  const base = operator.replace(/IfExists$/, "");
  return { base, isIfExists: base !== operator };
}

/** `*` stands for any text and `?` for any one character. */
function isLike(value: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(value);
}

/**
 * Like `isLike`, part by part: a wildcard does not reach over one of the first five colons
 * (docs.aws.amazon.com, IAM JSON policy elements: Resource, 2026-11). `*` alone is every resource.
 */
function isArnLike(value: string, pattern: string): boolean {
  if (pattern === "*") return true;
  const [parts, patterns] = [arnParts(value), arnParts(pattern)];
  return parts.length === patterns.length && parts.every((part, n) => isLike(part, patterns[n] ?? ""));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(":")] : [])];
}
