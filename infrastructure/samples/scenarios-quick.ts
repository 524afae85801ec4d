import { agent, type EvaluationResult, endCall, type Scenario, type ScenarioStep, tool, user } from "./scenario.ts";

const WHY: Readonly<Record<EvaluationResult, string>> = {
  success: "The caller got an answer at once.",
  failure: "The agent never learned what the caller wanted.",
  unknown: "There was nothing to resolve.",
};

const GREETING = agent("Larkspoke Cycles, Wren speaking. How can I help?");

export const openingHours = quick("Opening hours", "success", "Somebody asked until when {shop} is open.", [
  GREETING,
  user("Until when is {shop} open today?"),
  agent("Until seven this evening.", { retrieved: "opening hours {shop}" }),
  user("Thanks, bye."),
]);

const isItReady = quick("Is my bike ready?", "success", "{full_name} asked whether order {order} is ready. It is.", [
  GREETING,
  user("Is {order} ready?"),
  tool("find_order", { order_number: "{order}" }, { status: "ready", shop: "{shop}" }, 0.44),
  agent("Yes, it's waiting for you at {shop}."),
  user("Great, thanks."),
]);

const puncturePrice = quick("Price of a puncture repair", "success", "A caller asked what a puncture costs.", [
  GREETING,
  user("What do you charge for a puncture?"),
  agent("Nineteen, tube included, while you wait.", { retrieved: "price list puncture" }),
  user("OK, I'll come by."),
]);

const wrongNumber = quick("Wrong number", "unknown", "The caller had dialled the wrong number.", [
  GREETING,
  user("Oh, sorry, wrong number."),
  agent("No problem. Goodbye."),
  endCall("Wrong number."),
]);

const partInStock = quick("Part in stock", "success", "A caller asked for a {part}; {shop} has it at {price}.", [
  GREETING,
  user("Have you got a {part} for a {bike}?"),
  tool("check_stock", { part: "{part}", bike: "{bike}" }, { in_stock: true, price: "{amount}" }, 0.91),
  agent("We do, at {shop}, for {price}."),
  user("Put one aside for me."),
  agent("Done, {name}."),
]);

const cancelsBooking = quick("Booking cancelled", "success", "{full_name} cancelled a booking for {day}.", [
  GREETING,
  user("{name} here. I need to cancel {day}."),
  tool("cancel_booking", { name: "{full_name}", day: "{day}" }, { cancelled: true, fee: 0 }, 0.66),
  agent("Cancelled, at no charge."),
  user("Thank you."),
]);

const refundQuestion = quick("Refund question", "success", "{full_name} asked how long a refund takes.", [
  GREETING,
  user("How long does a refund take?"),
  agent("Three to five working days.", { retrieved: "how long do refunds take" }),
  user("Right, I'll wait then."),
]);

/** The caller is silent, and ElevenLabs ends the call. */
const silence: Scenario = {
  ...quick("No answer from the caller", "failure", "The caller said nothing.", [
    GREETING,
    user("..."),
    agent("Hello? Are you still there?"),
    user("..."),
  ]),
  ending: "Ending conversation after 20 seconds of silence.",
};

const cambioDeHorario = inLanguage("es", "taller", "Horario del taller", "Alguien preguntó por el horario.", [
  agent("Larkspoke, le atiende Alondra. ¿Dígame?"),
  user("¿Abren ustedes el {day}?"),
  agent("Sí, de nueve a siete, también al mediodía.", { retrieved: "horario" }),
  user("¡Qué bien! Gracias, adiós."),
]);

const termin = inLanguage("de", "werkstatt", "Terminfrage", "Jemand fragte nach einem Termin am {day}.", [
  agent("Larkspoke Fahrräder, hier ist Lerche. Was kann ich für Sie tun?"),
  user("Haben Sie am {day} noch was frei?"),
  tool("free_slots", { shop: "{shop}", day: "{day}" }, { slots: ["{time}"] }, 0.58),
  agent("Ja, im {shop}, um {time}. Möchten Sie den Termin?"),
  user("Ja, gern. Tschüss!"),
]);

/** Short calls. Most random calls are one of these. */
export const QUICK: readonly Scenario[] = [
  openingHours,
  isItReady,
  puncturePrice,
  wrongNumber,
  partInStock,
  cancelsBooking,
  refundQuestion,
  silence,
  cambioDeHorario,
  termin,
];

function quick(title: string, successful: EvaluationResult, summary: string, steps: readonly ScenarioStep[]): Scenario {
  return {
    title,
    language: "en",
    agent: "desk",
    medium: "voice",
    steps,
    summary,
    successful,
    evaluations: { issue_resolved: [successful, WHY[successful]] },
    collected: { reason_for_call: [title, "Clear from what the caller asks."] },
  };
}

function inLanguage(
  language: "es" | "de",
  name: "taller" | "werkstatt",
  title: string,
  summary: string,
  steps: readonly ScenarioStep[],
): Scenario {
  return { ...quick(title, "success", summary, steps), language, agent: name };
}
