import { Fragment, type ReactNode } from "react";
import { LongText, visible } from "./long-text.tsx";

/** A longer JSON text is not laid out. */
const LAID_OUT_LETTERS = 20_000;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON to read: one value a line, names in a colour. Numbers keep their digits, because the text is laid out and not its
 * value. What is no JSON stays unchanged.
 */
export function JsonText({ json }: { readonly json: string | null }) {
  if (json === null || json === "") return <span className="t3">none</span>;
  if (json.length > LAID_OUT_LETTERS || !isStructure(json)) return <LongText text={json} />;
  const lines = linesOf(json);
  return lines.map(({ depth, name, value }, n) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a text do not move.
    <Fragment key={n}>
      {n > 0 && "\n"}
      {"  ".repeat(Math.min(depth, 20))}
      {name !== undefined && (
        <>
          <bdi className="jk">{visible(name)}</bdi>:{" "}
        </>
      )}
      <bdi>{visible(value)}</bdi>
    </Fragment>
  )) satisfies ReactNode;
}

interface Line {
  readonly depth: number;
  /** Without its quotes. */
  readonly name?: string | undefined;
  readonly value: string;
}

function isStructure(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function linesOf(json: string): Line[] {
  const tokens = json.match(TOKEN) ?? [];
  const lines: { depth: number; name?: string | undefined; value: string }[] = [];
  let depth = 0;
  let name: string | undefined;
  const add = (value: string) => {
    lines.push({ depth, name, value });
    name = undefined;
  };
  tokens.forEach((token, n) => {
    const before = tokens[n - 1];
    const last = lines.at(-1);
    if (token === ":") return;
    if (tokens[n + 1] === ":") name = token.slice(1, -1);
    else if (token === ",") {
      if (last) last.value += ",";
    } else if (token === "{" || token === "[") {
      add(token);
      depth += 1;
    } else if (token === "}" || token === "]") {
      depth -= 1;
      if (last && (before === "{" || before === "[")) last.value += token;
      else add(token);
    } else add(token);
  });
  return lines;
}
