import { useId } from "react";
import { COLUMNS, type Column } from "./columns.tsx";

/** A menu of the columns. `choose` gets the ids, or `undefined` for the usual ones. */
export function ColumnMenu(props: {
  readonly columns: readonly Column[];
  readonly choose: (ids: string[] | undefined) => void;
}) {
  const { columns, choose } = props;
  const id = useId();
  const shown = new Set(columns.map((column) => column.id));
  const toggle = (column: string) => {
    const after = new Set(shown);
    if (!after.delete(column)) after.add(column);
    choose([...after]);
  };
  return (
    <>
      <button type="button" className="btn hide-s" popoverTarget={id}>
        Columns
      </button>
      <div id={id} popover="auto" className="menu">
        <fieldset>
          <legend className="vh">Columns of the list</legend>
          {COLUMNS.filter((column) => column.id !== "title").map((column) => (
            <label key={column.id}>
              <input type="checkbox" checked={shown.has(column.id)} onChange={() => toggle(column.id)} />
              {column.id === "time" ? "Time" : column.name}
            </label>
          ))}
        </fieldset>
        <button type="button" className="btn sm" onClick={() => choose(undefined)}>
          Usual columns
        </button>
      </div>
    </>
  );
}
