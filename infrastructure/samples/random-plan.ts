import type { AnsweredPlan, CallPlan } from "./call-plan.ts";
import { type Connection, WITHHELD } from "./connection.ts";
import { type Person, randomPerson } from "./people.ts";
import type { Random } from "./random.ts";
import type { Scenario } from "./scenario.ts";
import { alquiler, movesAppointment, offTopic, rentalRefund } from "./scenarios-chats.ts";
import { brokenLine, hangsUp, voicemail, wantsAPerson } from "./scenarios-cut-short.ts";
import { ladefehler, reembolso } from "./scenarios-other-languages.ts";
import { QUICK } from "./scenarios-quick.ts";
import { chargedTwice, refundArrived, refundNotFound } from "./scenarios-refunds.ts";
import { booksASlot, lateRepair, readyForPickup } from "./scenarios-workshop.ts";

const BRIEF: readonly Scenario[] = [...QUICK, ...QUICK, hangsUp, voicemail];
const CHATS: readonly Scenario[] = [alquiler, movesAppointment, offTopic, rentalRefund];
const THOROUGH: readonly Scenario[] = [
  chargedTwice,
  refundNotFound,
  refundArrived,
  wantsAPerson,
  booksASlot,
  lateRepair,
  readyForPickup,
  ladefehler,
  reembolso,
];

/** A random call of an ordinary day. Most are short, some are chats, a few fail. */
export function randomPlan(random: Random): CallPlan {
  if (random.chance(0.03)) return failedPlan(random);
  const scenario = randomScenario(random);
  const person = randomPerson(scenario.language, random);
  const connection = randomConnection(scenario, person, random);
  return {
    outcome: "answered",
    shows: `${connection.channel}, ${connection.direction}: ${scenario.title || "the line broke"}`,
    scenario,
    person,
    connection,
    recording: randomRecording(scenario, random),
    shape: connection.channel !== "sms" && random.chance(0.3) ? "bare" : "dated",
  };
}

function failedPlan(random: Random): CallPlan {
  const person = randomPerson("en", random);
  const channel = random.pick(["phone", "sip"] as const);
  const connection: Connection = { channel, direction: "outbound", number: person.number, userId: null };
  const reason = random.pick(["busy", "no-answer"] as const);
  return { outcome: "failed", shows: `could not be reached by ${channel}: ${reason}`, person, connection, reason };
}

function randomScenario(random: Random): Scenario {
  if (random.chance(0.01)) return brokenLine;
  return random.pick(random.pick([BRIEF, BRIEF, BRIEF, BRIEF, THOROUGH, THOROUGH, CHATS]));
}

function randomConnection({ agent, medium }: Scenario, person: Person, random: Random): Connection {
  const { number, userId } = person;
  const direction = agent === "reminders" ? "outbound" : "inbound";
  if (direction === "outbound") return { channel: "phone", direction, number, userId: null };
  const web = { channel: "web", direction, number: null, userId: random.chance(0.6) ? userId : null } as const;
  if (medium === "text") {
    const whatsapp = { channel: "whatsapp", direction, number: number.slice(1), userId: null } as const;
    return random.pick<Connection>([whatsapp, { channel: "sms", direction, number, userId: null }, web]);
  }
  if (random.chance(0.2)) return web;
  if (random.chance(0.04)) return { channel: "phone", direction, number: random.pick(WITHHELD), userId: null };
  if (random.chance(0.15)) return { channel: "sip", direction, number: sipNumber(number, random), userId: null };
  return { channel: "phone", direction, number, userId: random.chance(0.2) ? userId : null };
}

/** A number in one of the formats that SIP trunks send. */
function sipNumber(number: string, random: Random): string {
  const grouped = [number.slice(0, 3), number.slice(3, 6), number.slice(6)].join(" ");
  return random.pick([number, number.slice(1), grouped, `${number.slice(0, -4)}-${number.slice(-4)}`]);
}

/** Most long calls have no recording, because recordings are most of the bytes of hundreds of calls. */
function randomRecording({ medium, steps }: Scenario, random: Random): AnsweredPlan["recording"] {
  const isBrief = steps.length < 7;
  if (medium === "text" || steps.length === 0 || !random.chance(isBrief ? 0.7 : 0.2)) return "none";
  return random.chance(0.15) ? "embedded" : "delivered";
}
