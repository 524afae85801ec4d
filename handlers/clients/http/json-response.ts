import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { ServiceUnavailable } from "./service-errors.ts";

/**
 * What an answer says.
 *
 * @throws ServiceUnavailable if the answer is not JSON: a proxy's page, or half of it.
 */
export async function readJson(response: Response): Promise<unknown> {
  return parsedJson(await response.text(), (cause) => {
    throw new ServiceUnavailable("the answer is not JSON", { cause });
  });
}
