import { secondsText } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import type { ToolCall } from "./course.ts";
import { JsonText } from "./json-text.tsx";
import { visible } from "./long-text.tsx";

/** A tool that takes longer is slow, in seconds. */
const SLOW_TOOL_SECS = 3;
const SHORT_VALUES_FROM = 4_000;

/** A tool call: one line, and its parameters and result when it is open. */
export function ToolRow(props: {
  readonly tool: ToolCall;
  readonly depth: number;
  readonly isOpen: boolean;
  readonly toggle: () => void;
}) {
  const { tool, depth, isOpen, toggle } = props;
  const { tool_name, tool_type, params_json, result_json, is_error, error_type, called, is_cut, latency_secs } = tool;
  const isSlow = (latency_secs ?? 0) > SLOW_TOOL_SECS;
  return (
    <div className={`tool ${isOpen ? "open" : ""}`} style={{ paddingInlineStart: 16 * Math.min(depth, 4) }}>
      <button type="button" className="sumr" aria-expanded={isOpen} onClick={toggle}>
        <span className="lbl">
          <Icon name="right" />
          <span className="w">{depth > 0 ? "Inside" : "Tool"}</span>
        </span>
        <span className="sum">
          <bdi className="nm">{visible(tool_name ?? "tool without a name")}</bdi>
          <bdi className="pr cut">{valuesOf(params_json)}</bdi>
          {is_error && <span className="res">{error_type === "timeout" ? "timed out" : "failed"}</span>}
          {called === false && !is_error && <span className="t3">not executed</span>}
        </span>
        <span className={`lat ${isSlow ? "slow" : ""}`}>{latency_secs === null ? "" : secondsText(latency_secs)}</span>
      </button>
      {isOpen && (
        <div className="io">
          <Text title="Parameters" json={params_json} />
          <Text title="Result" json={result_json} isBad={is_error === true} />
          <p className="t3 s">
            {[tool_type, tool.request_id, is_cut === true && "ElevenLabs cut it at 4 kB"].filter(Boolean).join(" · ")}
          </p>
        </div>
      )}
    </div>
  );
}

function Text(props: { readonly title: string; readonly json: string | null; readonly isBad?: boolean }) {
  const { title, json, isBad = false } = props;
  return (
    <div>
      <p className="ioh">{title}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0} className={isBad ? "bad" : ""}>
        <JsonText json={json} />
      </pre>
    </div>
  );
}

/** The values of the parameters, in short. */
function valuesOf(json: string | null): string {
  if (json === null || json.length > SHORT_VALUES_FROM) return "";
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed !== "object" || parsed === null) return visible(json);
    const short = Object.values(parsed).map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
    return visible(short.join(", "));
  } catch {
    return visible(json);
  }
}
