import { at } from "../json.ts";
import { KNOWN_ATTRIBUTES, KNOWN_SPANS } from "./known-attributes.ts";
import { tracesIn } from "./spans.ts";

/** An attribute or a span that no column has. */
export interface UnknownPart {
  /** Its path: the name of a span, or of an attribute, without the prefix `elevenlabs.`. */
  readonly field: string;
  readonly value: unknown;
}

const isKnownSpan = matcher(KNOWN_SPANS);
const isKnownAttribute = matcher(KNOWN_ATTRIBUTES);

/** The attributes and the spans in `body` that this version does not know. Attributes of an unknown span are not listed. */
export function unknownParts(body: unknown): readonly UnknownPart[] {
  return tracesIn(at(body, "data", "otlp_traces")).spans.flatMap(({ name, attributes }) => {
    if (!isKnownSpan(name)) return [{ field: `data.otlp_traces.spans[].${name}`, value: {} }];
    const unknown = [...attributes].filter(([attribute]) => !isKnownAttribute(attribute));
    return unknown.map(([attribute, value]) => ({ field: `data.otlp_traces.spans[].attributes.${attribute}`, value }));
  });
}

/** Whether a text is one of `names`, in which `*` is any text. */
function matcher(names: readonly string[]): (text: string) => boolean {
  const any = names.map((name) => name.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".+"));
  const pattern = new RegExp(`^(${any.join("|")})$`, "s");
  return (text) => pattern.test(text);
}
