import { agent, endCall, type Scenario, type ScenarioStep, tool, user } from "./scenario.ts";

/** The fault of each bicycle of a courier company, as its dispatcher reads it out, and the repair. */
const FLEET = [
  ["rear brake squeals", "brake pads"],
  ["front light is dead", "light"],
  ["chain skips under load", "chain and cassette"],
  ["nothing, just a wash", "wash"],
  ["flat again, third time this month", "puncture-proof tyre"],
  ["left pedal is bent", "pedal"],
  ["creaks when you stand up", "bottom bracket"],
  ["saddle is torn", "saddle"],
  ["won't shift into top gear", "rear derailleur"],
  ["handlebar turns in the stem", "stem bolts"],
  ["kickstand fell off", "kickstand"],
  ["wheel rubs on the left", "wheel truing"],
  ["battery lasts half a shift", "battery check"],
  ["bell is gone", "bell"],
  ["brake lever pulls to the bar", "hydraulic bleed"],
  ["cargo box lock is jammed", "box lock"],
  ["two spokes broken at the back", "spokes"],
  ["fork makes a knocking noise", "headset"],
  ["display stays dark", "display cable"],
  ["reflectors missing", "reflectors"],
  ["tyre worn to the canvas", "rear tyre"],
  ["grips spin round", "grips"],
  ["mudguard scrapes", "mudguard"],
  ["motor cuts out in the rain", "motor seal"],
  ["rack is loose", "rack bolts"],
  ["seat post slips", "seat clamp"],
  ["gear cable frayed", "gear cable"],
  ["crank wobbles", "crank bolt"],
  ["front brake does nothing", "brake calliper"],
  ["valve leaks", "inner tube"],
  ["paint chipped, rust showing", "frame touch-up"],
  ["child seat mount cracked", "mount"],
  ["throttle sticks", "throttle"],
  ["freewheel clicks", "freehub"],
] as const;

const CONFIRMATIONS = ["Got it.", "Noted.", "On the list.", "Right.", "Done."];

/** A courier company's whole fleet, bicycle by bicycle: more than 150 entries in about four minutes. */
export const fleetReview: Scenario = {
  title: "Service list for a courier fleet",
  language: "en",
  agent: "desk",
  medium: "voice",
  steps: [
    agent("Larkspoke Cycles, this is Wren. How can I help you today?"),
    user("{full_name}, dispatch. I've got our whole fleet for the spring service. Ready?"),
    agent("Ready when you are, {name}. Read them out, one by one.", { retrieved: "fleet service terms" }),
    ...FLEET.flatMap(([complaint, job], index) => bicycle(index + 1, complaint, job)),
    user("And that's all of them."),
    tool("close_service_list", { bikes: FLEET.length }, { jobs: FLEET.length, price: 1870.5 }, 1.62),
    agent("Thirty-four bicycles. We collect them on {day}. The fleet price is 1,870.50."),
    user("And if one isn't worth it, I want a refund on that one."),
    agent("Agreed. We refund what we don't repair.", { retrieved: "fleet refund" }),
    user("Thanks, Wren. Bye."),
    endCall("The list is complete."),
  ],
  summary:
    "{full_name}, dispatcher of a courier company, read out the faults of 34 bicycles for the spring service. Each " +
    "was put on the service list; they are collected on {day} for 1,870.50. What is not repaired is refunded.",
  successful: "success",
  score: 92,
  evaluations: {
    issue_resolved: ["success", "All 34 bicycles are on the service list and a collection day is agreed."],
    price_stated: ["success", "The fleet price was stated before the call ended."],
    polite_throughout: ["success", "Patient through a long list."],
  },
  collected: {
    caller_name: ["{full_name}", "Given at the start."],
    bikes: [FLEET.length, "The agent counts them at the end."],
    refund_amount: [null, "A refund is only a possibility."],
    callback_wanted: [false, "Not asked for."],
  },
};

function bicycle(number: number, complaint: string, job: string): readonly ScenarioStep[] {
  const confirmation = CONFIRMATIONS[number % CONFIRMATIONS.length];
  return [
    user(`Number ${number}, ${complaint}.`),
    tool("add_job", { bike: number, job }, { added: job, line: number }, 0.2 + (number % 7) / 20),
    agent(`${confirmation} ${job[0]?.toUpperCase()}${job.slice(1)}.`),
    ...(number % 5 === 0 ? [user("Did you get that?"), agent(`Bike ${number}, ${job}. Yes.`)] : []),
  ];
}
