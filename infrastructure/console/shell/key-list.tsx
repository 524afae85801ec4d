import { useEffect, useRef } from "react";

const KEYS: readonly (readonly [title: string, keys: readonly (readonly [what: string, ...keys: string[]])[]])[] = [
  [
    "Anywhere",
    [
      ["Search what was said", "/"],
      ["Overview", "g o"],
      ["Calls", "g c"],
      ["Search", "g s"],
      ["Ask", "g a"],
      ["Archive", "g r"],
      ["These keys", "?"],
    ],
  ],
  [
    "Lists",
    [
      ["Down, up", "j", "k"],
      ["Open", "Enter"],
      ["Preview on or off", "p"],
      ["Filters on or off", "f"],
    ],
  ],
  [
    "One call",
    [
      ["Play or pause", "Space"],
      ["5 s back, forward", "←", "→"],
      ["Turn after, before", "j", "k"],
      ["Next problem", "n"],
      ["Slower, faster", "<", ">"],
      ["Open all tool calls", "e"],
      ["Copy link to this moment", "c"],
      ["Call before, after", "[", "]"],
    ],
  ],
];

/** The list of all keys, in a dialog. */
export function KeyList({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="keys-title">
      <div className="dlg">
        <h1 id="keys-title">Keys</h1>
        <div className="keys">
          {KEYS.map(([title, keys]) => (
            <section key={title}>
              <h3>{title}</h3>
              <dl>
                {keys.map(([what, ...each]) => (
                  <div key={what}>
                    <dt>{what}</dt>
                    <dd>
                      {each.flatMap((key) => key.split(" ").map((part) => <kbd key={`${key}${part}`}>{part}</kbd>))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <div className="foot">
          <button type="button" className="btn" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
      </div>
    </dialog>
  );
}
