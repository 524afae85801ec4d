import { words } from "../json.ts";
import { type Attributes, isTool, type Span, type Traces } from "./spans.ts";
import { isTurn } from "./turns.ts";

/** The name of the span of a whole call. */
const CALL = "conversation";

/** The attributes that name the call and the person on the line. Any span may have them, if the call's own has not. */
const IDENTITY = ["conversation_id", "agent_id", "user_id", "telephony.external_number"];

/** Whether a span is the one of the whole call. */
export function isCall({ name }: Span): boolean {
  return name === CALL;
}

/** Whether the key of a call may depend on a span. */
export function isIdentifying(span: Span): boolean {
  return isCall(span) || IDENTITY.some((name) => span.attributes.has(name));
}

/**
 * The attributes of the whole call: of its span, else of the resource. Without its span: of those that are neither a
 * turn nor a tool.
 */
export function callAttributes({ spans, resource }: Traces): Attributes {
  const calls = spans.filter(isCall);
  const ofCall = calls.length > 0 ? calls : spans.filter((span) => !isTool(span) && !isTurn(span));
  const found = firstOfEach([...ofCall.map(({ attributes }) => attributes), resource]);
  const anywhere = [
    ...calls.map(({ attributes }) => attributes),
    resource,
    ...spans.map(({ attributes }) => attributes),
  ];
  for (const name of IDENTITY) {
    const values = anywhere.map((each) => each.get(name)).filter((each) => each !== undefined);
    if (values.length > 0) found.set(name, values.find((each) => words(each) !== null) ?? values[0]);
  }
  return found;
}

function firstOfEach(all: readonly Attributes[]): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const attributes of all) for (const [name, value] of attributes) if (!found.has(name)) found.set(name, value);
  return found;
}
