/* Loads a bundled function, handles one delivery, and prints its CPU time and wall time since its process began. */

const [bundle = "", event = "{}"] = process.argv.slice(2);
const { handler } = await import(bundle);
const { statusCode } = await handler(JSON.parse(event), { awsRequestId: "request-1" });
const { user, system } = process.cpuUsage();
process.stderr.write(JSON.stringify({ statusCode, cpuMs: (user + system) / 1e3, ms: performance.now() }));
