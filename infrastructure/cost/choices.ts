import { type CostInput, MONTH_HOURS } from "./cost-input.ts";
import type { DeployedFunction, Deployment } from "./deployment.ts";
import type { MeasuredCall } from "./measured-call.ts";

/** A change of the deployment or of the code, as a change of what its cost is computed from. */
export interface Choice {
  readonly name: string;
  /** Its price besides money; empty for a combination. */
  readonly against: string;
  readonly change: (input: CostInput) => CostInput;
}

/** The number of metrics in alarms that `fewerAlarms` leaves. */
const ALARM_METRICS = 5;

/** Puts of a call with `FIVE_PUTS`: its JSON, its recording, its index twice, and all its rows in one object. */
const PUTS_WITHOUT_RECORDING = 4;

const withoutRequestMetrics: Choice = {
  name: "no request metrics of S3",
  against: "a graph of requests",
  change: deployed({ requestMetricFilters: 0 }),
};

const withoutDashboard: Choice = {
  name: "no dashboard",
  against: "the graphs; the metrics stay",
  change: deployed({ dashboards: 0 }),
};

const fewerAlarms: Choice = {
  name: `${ALARM_METRICS} metrics in alarms`,
  against: "nothing, if the reconciler checks the rest",
  change: (input) => deployed({ alarmMetrics: Math.min(ALARM_METRICS, input.deployment.alarmMetrics) })(input),
};

const withoutMetrics: Choice = {
  name: "no metric without an event",
  against: "graphs of ordinary work: logs have it",
  change: measured((call) => ({
    receive: { ...call.receive, metrics: [] },
    process: { ...call.process, metrics: [] },
    idleCompact: { ...call.idleCompact, metrics: [] },
    idleReconcile: { ...call.idleReconcile, metrics: [] },
  })),
};

const parameters: Choice = {
  name: "SSM parameters instead of secrets",
  against: "CloudFormation cannot create them: a command does",
  change: (input) => {
    const withParameters = (each: DeployedFunction) => ({
      ...each,
      secrets: 0,
      parameters: each.secrets + each.parameters,
    });
    const { Receiver, Processor, Compactor, Reconciler } = input.deployment.functions;
    const functions = {
      Receiver: withParameters(Receiver),
      Processor: withParameters(Processor),
      Compactor: withParameters(Compactor),
      Reconciler: withParameters(Reconciler),
    };
    return deployed({ secrets: 0, functions })(input);
  },
};

const hourlyCompactor: Choice = {
  name: "the compactor runs once an hour",
  against: "a changed day is read live for up to two hours",
  change: (input) => {
    const { functions } = input.deployment;
    const Compactor = { ...functions.Compactor, monthlyRuns: Math.min(MONTH_HOURS, functions.Compactor.monthlyRuns) };
    return deployed({ functions: { ...functions, Compactor } })(input);
  },
};

const readSoon: Choice = {
  name: "recordings first in STANDARD (`recordingsReadSoon`)",
  against: "nothing; cheaper if one in twelve is read within two days",
  change: measured(() => ({ recordingClass: "STANDARD" })),
};

const withoutPolls: Choice = {
  name: "the processor starts without polls",
  against: "the queue's retries: Lambda repeats an event twice",
  change: assumed({ emptyPolls: 0 }),
};

const fivePuts: Choice = {
  name: "five puts a call",
  against: "a query of one table reads the rows of all",
  change: measured((call) => ({
    receive: { ...call.receive, requests: { ...call.receive.requests, puts: 1 } },
    process: { ...call.process, requests: { ...call.process.requests, puts: PUTS_WITHOUT_RECORDING - 1 } },
    closeCall: { ...call.closeCall, gets: 1 },
  })),
};

const batches: Choice = {
  name: "batches of 4 calls (a window of 10 s)",
  against: "up to 10 s for each call; the time of a batch is a guess",
  change: assumed({ batchCalls: 4 }),
};

const sixDefaults: Choice = {
  name: "**the six above**",
  against: "",
  change: inTurn(withoutRequestMetrics, withoutDashboard, fewerAlarms, withoutMetrics, parameters, hourlyCompactor),
};

/** Choices, alone and together, in the order of the page. */
export const CHOICES: readonly Choice[] = [
  withoutRequestMetrics,
  withoutDashboard,
  fewerAlarms,
  withoutMetrics,
  parameters,
  hourlyCompactor,
  sixDefaults,
  withoutPolls,
  readSoon,
  fivePuts,
  batches,
  { name: "**no polls, and five puts**", against: "", change: inTurn(withoutPolls, fivePuts) },
];

function deployed(changes: Partial<Deployment>): Choice["change"] {
  return (input) => ({ ...input, deployment: { ...input.deployment, ...changes } });
}

function measured(changes: (call: MeasuredCall) => Partial<MeasuredCall>): Choice["change"] {
  return (input) => ({ ...input, call: { ...input.call, ...changes(input.call) } });
}

function assumed(changes: Partial<CostInput["assumptions"]>): Choice["change"] {
  return (input) => ({ ...input, assumptions: { ...input.assumptions, ...changes } });
}

function inTurn(...choices: readonly Choice[]): Choice["change"] {
  return (input) => choices.reduce((changed, { change }) => change(changed), input);
}
