/** A reference in a template that cannot be resolved. It is an error, so that no unknown right is allowed. */
export class UnresolvedReference extends Error {
  override readonly name = "UnresolvedReference";
}

/** Returns the value of a resource's attribute. For a `Ref`, the attribute is `Ref`. */
export type Refer = (id: string, attribute: string) => string;

/**
 * A part of a template in which each `Ref`, `Fn::GetAtt` and `Fn::Join` is replaced by its value.
 *
 * @throws UnresolvedReference for every other function, and the errors of `refer`.
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
