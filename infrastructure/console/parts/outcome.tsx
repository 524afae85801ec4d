import { Icon, type IconName } from "./icon.tsx";

/** How a call ended, as lists show it. */
export type OutcomeKind = "success" | "failure" | "unknown" | "failed" | "attempt" | "none";

const OUTCOMES: Record<OutcomeKind, { readonly icon: IconName; readonly word: string }> = {
  success: { icon: "ok", word: "Succeeded" },
  failure: { icon: "fail", word: "Failed" },
  unknown: { icon: "unsure", word: "Undecided" },
  failed: { icon: "fail", word: "Broke off" },
  attempt: { icon: "missed", word: "No call" },
  none: { icon: "none", word: "Not judged" },
};

/** The outcome of a row of `conversations`. */
export function outcomeOf({
  status,
  call_successful,
}: {
  readonly status: string | null;
  readonly call_successful: string | null;
}): OutcomeKind {
  if (status === "initiation_failure") return "attempt";
  if (status === "failed") return "failed";
  return call_successful === "success" || call_successful === "failure" || call_successful === "unknown"
    ? call_successful
    : "none";
}

/** The word for an outcome. */
export function outcomeWord(kind: OutcomeKind): string {
  return OUTCOMES[kind].word;
}

/** An outcome as a shape and a word, so that colour is never the only sign. `isShort` leaves the word to screen readers. */
export function Outcome({ kind, isShort = false }: { readonly kind: OutcomeKind; readonly isShort?: boolean }) {
  const { icon, word } = OUTCOMES[kind];
  return (
    <span className={`oc ${kind}`} title={isShort ? word : undefined}>
      <Icon name={icon} />
      <span className={isShort ? "vh" : ""}>{word}</span>
    </span>
  );
}

const CHANNELS: Readonly<Record<string, string>> = {
  phone: "Phone",
  sip: "SIP",
  web: "Web",
  whatsapp: "WhatsApp",
  sms: "SMS",
  slack: "Slack",
  telegram: "Telegram",
};

/** The name of a channel. */
export function channelText(channel: string | null): string {
  return channel === null ? "Unknown" : (CHANNELS[channel] ?? channel);
}

/** The picture of a channel: messages, the web, or the direction of a call. */
export function channelIcon(channel: string | null, direction: string | null): IconName {
  if (["whatsapp", "sms", "slack", "telegram"].includes(channel ?? "")) return "chat";
  if (channel === "phone" || channel === "sip") return direction === "outbound" ? "outbound" : "inbound";
  return channel === null ? "inbound" : "web";
}

/** What a list calls a call: its title, or why it has none. */
export function callTitle(call: {
  readonly title: string | null;
  readonly status: string | null;
  readonly failure_reason?: string | null;
}): string {
  if (call.title) return call.title;
  if (call.status === "initiation_failure") return `No call: ${call.failure_reason ?? "no reason was sent"}`;
  return call.status === "failed" ? "The connection broke off" : "No title";
}
