import { type ReactNode, useEffect, useId, useRef } from "react";

/** A dialog over the page, from its first render until it is closed. */
export function Dialog(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The buttons at its end, before the one that closes it. */
  readonly buttons?: ReactNode;
  readonly closeText: string;
}) {
  const { title, onClose, children, buttons, closeText } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby={id}>
      <div className="dlg">
        <h2 id={id}>{title}</h2>
        {children}
        <div className="foot">
          <button type="button" className="btn" onClick={() => dialog.current?.close()}>
            {closeText} <kbd className="hint">Esc</kbd>
          </button>
          {buttons}
        </div>
      </div>
    </dialog>
  );
}
