import { compile, type JSONSchema } from "json-schema-to-typescript";

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required: boolean;
  readonly schema: JSONSchema;
}

type Content = Record<string, { readonly schema: JSONSchema }>;

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Record<string, { readonly content?: Content }>;
}

/** An OpenAPI document, as far as the types of a client need it. */
export interface OpenApiDocument {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components?: { readonly schemas?: Record<string, JSONSchema> };
}

/** TypeScript of an interface `Paths`, in the form that openapi-fetch reads, for an OpenAPI document. */
export async function apiTypes({ paths, components }: OpenApiDocument): Promise<string> {
  const methodsOf = (ofPath: Record<string, Operation>) => object(mapped(ofPath, operation));
  const schema = { ...object(mapped(paths, methodsOf)), title: "Paths", components };
  const types = await compile(schema, "Paths", {
    additionalProperties: false,
    bannerComment: "// Written from the OpenAPI document by a test. Do not edit.",
    style: { printWidth: 120 },
  });
  // openapi-fetch looks statuses up as numbers.
  return types.replaceAll(/"(\d{3})":/g, "$1:");
}

function operation({ parameters = [], requestBody, responses }: Operation): JSONSchema {
  const places = Map.groupBy(parameters, (parameter) => parameter.in);
  const ofPlace = (ofPlace: readonly Parameter[]): JSONSchema => ({
    type: "object",
    properties: Object.fromEntries(ofPlace.map(({ name, schema }) => [name, schema])),
    required: ofPlace.flatMap(({ name, required }) => (required ? [name] : [])),
  });
  const needed = [...places].filter(([, all]) => all.some(({ required }) => required));
  return object({
    parameters: {
      type: "object",
      properties: Object.fromEntries([...places].map(([place, all]) => [place, ofPlace(all)])),
      required: needed.map(([place]) => place),
    },
    ...(requestBody && { requestBody: object({ content: contents(requestBody.content) }) }),
    responses: object(mapped(responses, ({ content = {} }) => object({ content: contents(content) }))),
  });
}

function contents(content: Content): JSONSchema {
  return object(mapped(content, ({ schema }) => schema));
}

function object(properties: Record<string, JSONSchema>): JSONSchema {
  return { type: "object", properties, required: Object.keys(properties) };
}

function mapped<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
