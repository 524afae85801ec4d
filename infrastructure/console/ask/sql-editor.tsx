import { autocompletion, type CompletionContext, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { SQLDialect, type SQLNamespace, sql as sqlLanguage } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { Answer, Place } from "../api/client.ts";

type Table = Answer<"/api/v1/tables">["items"][number];

/** Trino's words, as far as Athena and DuckDB share them. */
const ATHENA = SQLDialect.define({
  keywords:
    "with recursive as select distinct from where between and or not in is null like escape exists case when then else end group by order having limit offset join left right full inner outer cross on using union all intersect except over partition rows range preceding following unbounded current row asc desc nulls first last cast try_cast interval filter values true false",
  types: "varchar integer bigint double boolean date timestamp decimal",
  builtin:
    "count sum avg min max round coalesce nullif lower upper length substr strpos split_part regexp_like regexp_extract regexp_replace date_trunc date_add date_diff current_date current_timestamp from_iso8601_timestamp cardinality array_agg unnest sequence row_number rank lag lead approx_distinct",
});

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, class: "sql-keyword" },
  { tag: [tags.string, tags.special(tags.string)], class: "sql-string" },
  { tag: tags.number, class: "sql-number" },
  { tag: tags.comment, class: "sql-comment" },
]);

const setPlace = StateEffect.define<Place | undefined>();

/** Underlines the place of an error, until the text changes. */
const atFault = StateField.define({
  create: () => Decoration.none,
  update(shown, transaction) {
    let next = transaction.docChanged ? Decoration.none : shown;
    for (const effect of transaction.effects) {
      if (effect.is(setPlace)) next = underline(transaction.state, effect.value);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function underline(state: EditorState, place: Place | undefined) {
  if (!place || place.line > state.doc.lines) return Decoration.none;
  const line = state.doc.line(place.line);
  const from = Math.min(line.from + place.column - 1, Math.max(line.from, line.to - 1));
  const to = Math.min(from + place.length, state.doc.length);
  return to > from ? Decoration.set([Decoration.mark({ class: "at-fault" }).range(from, to)]) : Decoration.none;
}

interface Props {
  readonly initial: string;
  readonly tables: readonly Table[];
  readonly place: Place | undefined;
  readonly onChange: (sql: string) => void;
  readonly onRun: (sql: string) => void;
}

/** An editor for SQL, which offers tables and columns. Ctrl+Enter runs it. Tab leaves it. */
export default function SqlEditor({ initial, tables, place, onChange, onRun }: Props) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ onChange, onRun });
  latest.current = { onChange, onRun };

  useEffect(() => {
    if (!parent.current) return;
    const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
    const run = (editor: EditorView) => {
      latest.current.onRun(editor.state.doc.toString());
      return true;
    };
    const editor = new EditorView({
      parent: parent.current,
      doc: initial,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of({ "aria-label": "SQL" }),
        keymap.of([{ key: "Mod-Enter", run, preventDefault: true }]),
        lineNumbers(),
        history(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ icons: false }),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        sqlLanguage({ dialect: ATHENA, schema: schemaOf(tables), upperCaseKeywords: false }),
        ATHENA.language.data.of({ autocomplete: columnsOffered(tables) }),
        syntaxHighlighting(COLOURS),
        EditorView.domEventHandlers({ beforeinput: replaceSelection }),
        placeholder("select … from conversations"),
        atFault,
        EditorView.lineWrapping,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onChange(update.state.doc.toString());
        }),
      ],
    });
    view.current = editor;
    return () => editor.destroy();
  }, [initial, tables]);

  useEffect(() => {
    view.current?.dispatch({ effects: setPlace.of(place) });
  }, [place]);

  return <div className="editor" ref={parent} />;
}

/**
 * Types over a selection. The browser itself would keep the look of the replaced text with a style attribute, which the
 * page's Content-Security-Policy refuses.
 */
function replaceSelection(event: InputEvent, view: EditorView): boolean {
  const { data, inputType } = event;
  if (inputType !== "insertText" || data === null || view.composing || view.state.selection.main.empty) return false;
  view.dispatch(
    view.state.update(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true }),
  );
  return true;
}

/** Offers the columns of the tables that the statement names. After a dot, the language's own completion does. */
function columnsOffered(tables: readonly Table[]) {
  return (context: CompletionContext) => {
    const word = context.matchBefore(/[\w.]+/);
    if (!word || word.text.includes(".")) return null;
    const sql = context.state.doc.toString();
    const named = tables.filter(({ name }) => new RegExp(`\\b${name}\\b`, "i").test(sql));
    return { from: word.from, options: named.flatMap(completionsOf), validFor: /^\w*$/ };
  };
}

function completionsOf({ columns }: Table) {
  return columns.map(({ name, type, comment }) => ({ label: name, type: "property", detail: type, info: comment }));
}

function schemaOf(tables: readonly Table[]): SQLNamespace {
  return Object.fromEntries(
    tables.map((table) => [
      table.name,
      { self: { label: table.name, type: "class", info: table.grain }, children: completionsOf(table) },
    ]),
  );
}
