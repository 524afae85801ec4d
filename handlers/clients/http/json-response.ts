import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { ServiceUnavailable } from "./service-errors.ts";

/**
 * Returns the JSON of an answer.
 *
 * @throws ServiceUnavailable if the answer is not JSON, such as a proxy's page or half an answer.
 */
export async function readJson(response: Response): Promise<unknown> {
  return parsedJson(await response.text(), (cause) => {
    throw new ServiceUnavailable("the answer is not JSON", { cause });
  });
}
