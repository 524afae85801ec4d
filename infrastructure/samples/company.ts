export type Language = "en" | "es" | "de";
export type Country = "US" | "GB" | "DE";

/** An agent of the invented company Larkspoke Cycles, which does repairs, orders and rentals in three countries. */
export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly branchId: string;
  readonly versionId: string;
  readonly model: "gemini-2.5-flash" | "gemini-2.0-flash-001" | "gpt-4o-mini";
  /** Tokens of its prompt and tools, which every generation reads first. */
  readonly promptTokens: number;
}

export type AgentName = "desk" | "taller" | "werkstatt" | "ebikes" | "reminders" | "chat";

export const AGENTS: Readonly<Record<AgentName, Agent>> = {
  desk: agent("5401k8w4d7tqe9vbr5xn3jm0hczs", "Larkspoke Service Desk", "gemini-2.5-flash", 1840),
  taller: agent("1701k8w4ehz2fyc8t0sdq6mgrbnv", "Larkspoke Taller", "gemini-2.5-flash", 1910),
  werkstatt: agent("3301k8w4f5n6kr3xq8bjt7ezw1da", "Larkspoke Werkstatt", "gemini-2.0-flash-001", 1975),
  ebikes: agent("9001k8w4fwv0r8hsm2cy5gkd4jqp", "Larkspoke E-Bike-Klinik", "gemini-2.0-flash-001", 2260),
  reminders: agent("6101k8w4gk3bx7zn9pta1vfe0rhm", "Larkspoke Reminders", "gemini-2.5-flash", 1120),
  chat: agent("2801k8w4h8sd4mj6yvq5rc7xk2gb", "Larkspoke Chat", "gpt-4o-mini", 1385),
};

/** The company's number in each country, from ranges that are reserved for fiction. */
export const LINES: Readonly<Record<Country, { readonly number: string; readonly id: string }>> = {
  US: { number: "+12025550100", id: "phnum_0701k8w4jd9wq2ev5nrx8tbyh6sc" },
  GB: { number: "+447700900000", id: "phnum_4901k8w4k1hz7fgc0mpd3vka9rjt" },
  DE: { number: "+493023125000", id: "phnum_8201k8w4kn5tx6bsy4wje1qgz0fd" },
};

/** The numbers to which an agent transfers a caller who needs a person. */
export const HUMAN_LINES: Readonly<Record<Country, string>> = {
  US: "+12025550109",
  GB: "+447700900009",
  DE: "+493023125009",
};

export const SHOPS: Readonly<Record<Country, readonly string[]>> = {
  US: ["Harbor Street", "Alder Hill", "Mill Yard", "Station Row"],
  GB: ["Quayside", "Tanner's Lane", "Northgate"],
  DE: ["Ahornweg", "Alte Mühle", "Kanalufer"],
};

function agent(id: string, name: string, model: Agent["model"], promptTokens: number): Agent {
  const rest = id.slice(4);
  return {
    id: `agent_${id}`,
    name,
    branchId: `agtbrch_0001${rest}`,
    versionId: `agtvrsn_0002${rest}`,
    model,
    promptTokens,
  };
}
