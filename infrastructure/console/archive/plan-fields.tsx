import { today } from "../parts/format.ts";
import { Select } from "../parts/select.tsx";
import type { ActionName } from "./action-queries.ts";
import type { Draft } from "./plan-dialog.tsx";

interface Props {
  readonly action: ActionName;
  readonly body: Draft["body"];
  readonly change: (body: Draft["body"]) => void;
}

/** The steps that "process again" may repeat. */
const STEPS = [
  ["", "All steps"],
  ["rows", "Only rows"],
  ["memory", "Only memories"],
  ["audio", "Only recordings"],
] as const;

/** The options of an action. */
export function PlanFields({ action, body, change }: Props) {
  const set = (values: Readonly<Record<string, unknown>>) => change({ ...body, ...values } as Draft["body"]);
  if (action === "redrive") return null;
  if (action === "verify")
    return (
      <div className="opts">
        <Option
          label="Read each recording to its end"
          isOn={isOn(body, "recordings")}
          set={(recordings) => set({ recordings })}
        />
        <Option
          label="Repair what can be repaired: process objects again, and rebuild closed days"
          isOn={isOn(body, "fix")}
          set={(fix) => set({ fix })}
        />
      </div>
    );
  const { from = "", to = "" } = body as { readonly from?: string; readonly to?: string };
  return (
    <div className="ctl opts">
      <label>
        From
        <input
          type="date"
          className="inp"
          value={from}
          max={to || today()}
          required
          onChange={(event) => set({ from: event.target.value || undefined })}
        />
      </label>
      <label>
        To
        <input
          type="date"
          className="inp"
          value={to}
          min={from}
          onChange={(event) => set({ to: event.target.value || undefined })}
        />
      </label>
      {action === "reprocess" && (
        <Select
          aria-label="Steps"
          value={"only" in body ? (body.only?.[0] ?? "") : ""}
          onChange={(event) => set({ only: event.target.value === "" ? undefined : [event.target.value] })}
        >
          {STEPS.map(([step, name]) => (
            <option key={step} value={step}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}

function Option(props: { readonly label: string; readonly isOn: boolean; readonly set: (isOn: boolean) => void }) {
  const { label, isOn, set } = props;
  return (
    <label>
      <input type="checkbox" checked={isOn} onChange={(event) => set(event.target.checked)} />
      {label}
    </label>
  );
}

function isOn(body: Draft["body"], name: string): boolean {
  return (body as Readonly<Record<string, unknown>>)[name] === true;
}
