import type { Run } from "./action-queries.ts";

/** Objects or calls in a result, and what is stated about each. */
interface Item {
  readonly subject: string;
  readonly note: string;
}

const FAILED_AGAIN = "failed again";

/** The objects that a plan or a result names. The archive lists 500 at most. */
export function RunItems({ run }: { readonly run: Run }) {
  const items = itemsIn(run.result ?? {});
  const notes = notesIn(run.result ?? {});
  return (
    <>
      {items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard.
        <ul className="items" tabIndex={0} aria-label="Objects">
          {items.map(({ subject, note }) => (
            <li key={`${subject} ${note}`}>
              <span className="mono">{subject}</span>
              {note && <bdi className="t3 s">{note}</bdi>}
            </li>
          ))}
        </ul>
      )}
      {notes.map((note) => (
        <p className="t2" key={note}>
          <bdi>{note}</bdi>
        </p>
      ))}
    </>
  );
}

function itemsIn(result: Readonly<Record<string, unknown>>): readonly Item[] {
  const items = [
    ...listIn(result, "failed_again").map((item) => itemOf(item, FAILED_AGAIN)),
    ...listIn(result, "refused").map((item) => itemOf(item, "not sent back")),
    ...listIn(result, "items").map((item) => itemOf(item, "")),
    ...listIn(result, "keys").map((key) => ({ subject: String(key), note: "" })),
    ...listIn(result, "unknown_ids").map((id) => ({ subject: String(id), note: "is not in the archive" })),
  ];
  // An object that failed again is in the plan, too.
  const failed = new Set(listIn(result, "failed_again").map((item) => itemOf(item, "").subject));
  return items.filter(({ subject, note }) => !failed.has(subject) || note.startsWith(FAILED_AGAIN));
}

function itemOf(item: unknown, state: string): Item {
  if (typeof item !== "object" || item === null) return { subject: String(item), note: state };
  const values = item as Readonly<Record<string, unknown>>;
  const text = (name: string) => (typeof values[name] === "string" ? String(values[name]) : "");
  const parts = [
    state,
    text("kind"),
    text("reason"),
    text("what"),
    partText("call", text("call")),
    partText("recording", text("recording")),
  ];
  return { subject: text("key") || text("conversation_id"), note: parts.filter((part) => part !== "").join(" · ") };
}

function partText(part: string, status: string): string {
  return status === "" ? "" : `${part} ${status}`;
}

/** Sentences for counts that the list of objects does not show. */
function notesIn(result: Readonly<Record<string, unknown>>): readonly string[] {
  const left = (result["left_out"] ?? {}) as Readonly<Record<string, unknown>>;
  const count = (value: unknown) => (typeof value === "number" ? value : 0);
  const sentences: readonly (readonly [number, string])[] = [
    [count(left["quarantined"]), "quarantined: npm run redrive -- --send --all --quarantined sends them, too"],
    [count(left["unknown_type"]), "of a type that this version does not know: they stay"],
    [count(left["settled"]), "processed meanwhile"],
    [count(result["done_before"]), "done by an earlier run that was stopped: it continues there"],
    [count(result["notices"]), "notices, which need no action"],
  ];
  return [
    ...sentences.filter(([number]) => number > 0).map(([number, text]) => `${number} ${text}.`),
    ...listIn(result, "notes").map(String),
  ];
}

function listIn(result: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const value = result[name];
  return Array.isArray(value) ? value : [];
}
