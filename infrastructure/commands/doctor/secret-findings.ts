import { SecretStoreFailed } from "../../../handlers/clients/credentials/secret-store-failed.ts";
import { storedSecret } from "../../../handlers/clients/credentials/stored-secret.client.ts";
import { type DoctorFinding, ok, wrong } from "../../../handlers/doctor/doctor-finding.ts";
import { type DeployedSecret, deployedSecrets } from "../toolkit/deployment/deployed-secrets.ts";
import type { StackOutputs } from "../toolkit/deployment/stack-outputs.client.ts";

/** Returns one finding for each secret of a stack: whether it is set. */
export async function secretFindings(outputs: StackOutputs, stack: string): Promise<DoctorFinding[]> {
  return Promise.all(deployedSecrets(outputs, stack).map((secret) => findingOn(secret, stack)));
}

async function findingOn({ name, description, arn }: DeployedSecret, stack: string): Promise<DoctorFinding> {
  const subject = `${name} secret`;
  try {
    if ((await storedSecret(arn)) !== undefined) return ok(subject, "is set");
    return wrong(subject, `${description}: not set yet`, `npm run secret -- ${name} --stack ${stack}`);
  } catch (error) {
    if (!(error instanceof SecretStoreFailed)) throw error;
    return wrong(subject, error.message, "use AWS credentials that may read it");
  }
}
