import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { loopback } from "../support/servers/loopback.ts";
import { hmacOf, writeDurably } from "./tasks/floors.ts";

/* The floor of the throughput: a server that hashes each body, and writes it into the folder of its argument. */

const [folder = "."] = process.argv.slice(2);
let count = 0;
const { url } = await loopback(async (incoming, response) => {
  const body = await buffer(incoming);
  hmacOf(body, "wsec_measured");
  count += 1;
  await writeDurably(join(folder, `${count}.json`), body);
  response.end("{}");
});
process.stdout.write(`${url}\n`);
