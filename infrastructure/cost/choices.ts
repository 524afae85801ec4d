import { SECRETS } from "../aws/secret-names.ts";
import type { CostInput } from "./cost-input.ts";
import type { DeployedFunction, Deployment } from "./deployment.ts";
import type { MeasuredCall } from "./measured-call.ts";

/** A change of the deployment or of the code, as a change of what its cost is computed from. */
export interface Choice {
  readonly name: string;
  /** Its price besides money; empty if it has none, or for a combination. */
  readonly against: string;
  readonly change: (input: CostInput) => CostInput;
}

/** Puts of a call with `FIVE_PUTS`: its JSON, its recording, its index twice, and all its rows in one object. */
const PUTS_WITHOUT_RECORDING = 4;

const requestMetrics: Choice = {
  name: "S3 counts requests (`requestMetrics`)",
  against: "",
  change: deployed({ requestMetricFilters: 1 }),
};

const dashboard: Choice = {
  name: "a dashboard (`dashboard`), without its metrics",
  against: "",
  change: deployed({ dashboards: 1 }),
};

const secretsManager: Choice = {
  name: "secrets in Secrets Manager (`secrets`)",
  against: "",
  change: (input) => {
    const withSecrets = (each: DeployedFunction) => ({
      ...each,
      secrets: each.secrets + each.parameters,
      parameters: 0,
    });
    const { Receiver, Processor, Compactor, Reconciler } = input.deployment.functions;
    return deployed({
      secrets: Object.keys(SECRETS).length,
      functions: {
        Receiver: withSecrets(Receiver),
        Processor: withSecrets(Processor),
        Compactor: withSecrets(Compactor),
        Reconciler: withSecrets(Reconciler),
      },
    })(input);
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

/** Choices, alone and together, in the order of the page. */
export const CHOICES: readonly Choice[] = [
  requestMetrics,
  dashboard,
  secretsManager,
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
