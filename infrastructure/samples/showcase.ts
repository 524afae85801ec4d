import type { CallPlan } from "./call-plan.ts";
import { CAST } from "./people.ts";
import { fleetReview } from "./scenario-fleet.ts";
import { alquiler, movesAppointment } from "./scenarios-chats.ts";
import { brokenLine, wantsAPerson } from "./scenarios-cut-short.ts";
import { ladefehler, reembolso } from "./scenarios-other-languages.ts";
import { openingHours } from "./scenarios-quick.ts";
import { chargedTwice, refundArrived, refundNotFound } from "./scenarios-refunds.ts";
import { booksASlot, readyForPickup } from "./scenarios-workshop.ts";

const { nora, tobias, greta, priya, stranger, ximena, joaquin, dispatcher, harriet } = CAST;

/** The details of Nora's three calls, which are about the same refund. */
const NORAS_REFUND = { order: "LS-48213", bike: "Marlet 20", amount: 38.5, price: "$38.50" };

const BY_PHONE = { channel: "phone", direction: "inbound", userId: null } as const;

/** Calls that together show every feature of a call. If only one is shown, it is the first. */
export const SHOWCASE: readonly CallPlan[] = [
  {
    ...answered("inbound phone: tools that succeed, retrieval, every type of data point, rating", "delivered", "dated"),
    scenario: chargedTwice,
    person: nora,
    details: NORAS_REFUND,
    connection: { ...BY_PHONE, number: nora.number, userId: nora.userId },
  },
  {
    ...answered("outbound phone: system__caller_id is the company's own number", "delivered", "bare"),
    scenario: readyForPickup,
    person: tobias,
    connection: { ...BY_PHONE, direction: "outbound", number: tobias.number },
  },
  {
    ...answered("SIP trunk, number oddly written; German; handed over to another agent", "delivered", "bare"),
    scenario: ladefehler,
    person: greta,
    connection: { channel: "sip", direction: "inbound", number: "49 30 23125-417", userId: null },
  },
  {
    ...answered("web, signed in, with rating and comment", "delivered", "dated"),
    scenario: booksASlot,
    person: priya,
    connection: { channel: "web", direction: "inbound", number: null, userId: priya.userId },
  },
  {
    ...answered("web, anonymous, very short, no recording kept", "none", "bare"),
    scenario: openingHours,
    person: stranger,
    connection: { channel: "web", direction: "inbound", number: null, userId: null },
  },
  {
    ...answered("WhatsApp: Spanish with emoji, text only", "none", "dated"),
    scenario: alquiler,
    person: joaquin,
    connection: { channel: "whatsapp", direction: "inbound", number: "447700900733", userId: null },
  },
  {
    outcome: "failed",
    shows: "call_initiation_failure by Twilio: busy",
    person: harriet,
    connection: { ...BY_PHONE, direction: "outbound", number: harriet.number },
    reason: "busy",
  },
  {
    ...answered("withheld number; interrupted; transferred to a person", "delivered", "dated"),
    scenario: wantsAPerson,
    person: stranger,
    connection: { ...BY_PHONE, number: "+266696687" },
  },
  {
    ...answered("Spanish by phone, language detected, accents", "delivered", "dated"),
    scenario: reembolso,
    person: ximena,
    connection: { ...BY_PHONE, number: ximena.number },
  },
  {
    ...answered(
      "second call of the first caller: tools fail, agent interrupted; recording embedded",
      "embedded",
      "dated",
    ),
    scenario: refundNotFound,
    person: nora,
    details: NORAS_REFUND,
    connection: { ...BY_PHONE, number: nora.number, userId: nora.userId },
  },
  {
    outcome: "failed",
    shows: "call_initiation_failure by a SIP trunk: no answer",
    person: tobias,
    connection: { channel: "sip", direction: "outbound", number: tobias.number, userId: null },
    reason: "no-answer",
  },
  {
    ...answered("long: more than 150 entries, a recording of minutes", "delivered", "dated"),
    scenario: fleetReview,
    person: dispatcher,
    connection: { ...BY_PHONE, number: dispatcher.number },
  },
  {
    ...answered("text message", "none", "dated"),
    scenario: movesAppointment,
    person: harriet,
    connection: { channel: "sms", direction: "inbound", number: harriet.number, userId: null },
  },
  {
    ...answered("the line broke: empty transcript, no analysis, an error", "none", "dated"),
    scenario: brokenLine,
    person: greta,
    connection: { ...BY_PHONE, number: greta.number },
  },
  {
    ...answered("third call of the first caller: settled", "delivered", "bare"),
    scenario: refundArrived,
    person: nora,
    details: NORAS_REFUND,
    connection: { ...BY_PHONE, number: nora.number, userId: nora.userId },
  },
];

function answered<Recording extends string, Shape extends string>(shows: string, recording: Recording, shape: Shape) {
  return { outcome: "answered", shows, recording, shape } as const;
}
