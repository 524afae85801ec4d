import { ServiceUnavailable } from "./service-errors.ts";

/**
 * What an answer says.
 *
 * @throws ServiceUnavailable if the answer is not JSON: a proxy's page, or half of it.
 */
export async function readJson(response: Response): Promise<unknown> {
  const sent = await response.text();
  try {
    return JSON.parse(sent);
  } catch (error) {
    throw new ServiceUnavailable("the answer is not JSON", { cause: error });
  }
}
