/** A reference of a template that is not resolved. It is an error: what is not known must not be allowed. */
export class UnresolvedReference extends Error {
  override readonly name = "UnresolvedReference";
}

/** What a resource's attribute is; `Ref` is that of a `Ref`. */
export type Refer = (id: string, attribute: string) => string;

/**
 * A part of a template with what it refers to in place of each `Ref`, `Fn::GetAtt` and `Fn::Join`.
 *
 * @throws UnresolvedReference for every other function, and what `refer` throws.
 */
export function resolved(value: unknown, refer: Refer): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, refer));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ["", undefined]] = entries;
  if (name === "Ref") return refer(String(argument), name);
  if (name === "Fn::GetAtt" && Array.isArray(argument)) return refer(String(argument[0]), String(argument[1]));
  if (name === "Fn::Join" && Array.isArray(argument)) {
    return [resolved(argument[1], refer)].flat().join(String(argument[0]));
  }
  if (name.startsWith("Fn::")) throw new UnresolvedReference(`${name} of ${JSON.stringify(argument)} is not modelled`);
  return Object.fromEntries(entries.map(([key, each]) => [key, resolved(each, refer)]));
}
