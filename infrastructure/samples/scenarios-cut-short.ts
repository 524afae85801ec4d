import { agent, endCall, type Scenario, transferToPerson, user } from "./scenario.ts";

/** The connection fails before the first word: no transcript, and ElevenLabs reports an error. */
export const brokenLine: Scenario = {
  title: "",
  language: "en",
  agent: "desk",
  medium: "voice",
  steps: [],
  summary: "",
  successful: "unknown",
  ending: "WebSocket connection closed unexpectedly",
  error: { code: 1011, reason: "The speech service did not answer." },
};

/** The caller hangs up during the greeting. */
export const hangsUp: Scenario = {
  title: "Caller hung up",
  language: "en",
  agent: "desk",
  medium: "voice",
  steps: [agent("Larkspoke Cycles, this is Wren. How can I help you today?", { heard: "Larkspoke Cycles, this is" })],
  summary: "The caller hung up during the greeting.",
  successful: "unknown",
};

/** An outbound call that an answering machine takes. */
export const voicemail: Scenario = {
  title: "Voicemail left",
  language: "en",
  agent: "reminders",
  medium: "voice",
  steps: [
    agent("Hello, this is Larkspoke Cycles calling for {full_name}."),
    user("The person you are calling is not available. Please leave a message after the tone."),
    agent("Your {bike} is ready at {shop}. The price is {price}. Goodbye."),
    endCall("Left a message on the voicemail."),
  ],
  summary: "Outbound call to {full_name} reached a voicemail; the agent left word that the {bike} is ready.",
  successful: "success",
  evaluations: { issue_resolved: ["unknown", "Nobody confirmed the message."] },
  collected: { callback_wanted: [null, "Nobody was there to ask."] },
};

/** The caller gives no name and wants a person. */
export const wantsAPerson: Scenario = {
  title: "Complaint passed to a person",
  language: "en",
  agent: "desk",
  medium: "voice",
  steps: [
    agent("Larkspoke Cycles, this is Wren. How can I help you today?"),
    user("Somebody at your {shop} shop scratched my frame, and I want a refund and a manager."),
    agent("I'm very sorry to hear that. May I have your name or the order number, so that I can find the repair?", {
      heard: "I'm very sorry to hear that. May I have your name",
    }),
    user("No. I'd rather not. Just put me through to a person."),
    agent("Of course. I'll put you through to the shop desk now. Please stay on the line."),
    transferToPerson("Complaint about a scratched frame; the caller asks for a manager."),
  ],
  summary:
    "A caller who did not give a name complained that the {shop} shop had scratched their frame, demanded a refund " +
    "and asked for a manager. The agent put them through to a person.",
  successful: "unknown",
  evaluations: {
    issue_resolved: ["unknown", "The call was passed on, so its outcome is not in this conversation."],
    caller_verified: ["failure", "The caller declined to give a name or an order number."],
    polite_throughout: ["success", "The agent apologised and did as it was asked."],
  },
  collected: {
    caller_name: [null, "The caller declines to say."],
    shop: ["{shop}", "Named in the first sentence."],
    refund_requested: [true, "The caller wants a refund."],
  },
  ending: "Call transferred to a phone number.",
};
