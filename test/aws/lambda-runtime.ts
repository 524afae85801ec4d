/** Runs a bundled function in a separate process, like Lambda. Messages carry events and responses. */
const [bundle = "", seconds = "60"] = process.argv.slice(2);
const { handler } = await import(bundle);

process.on("message", async ({ id, event }: { id: number; event: unknown }) => {
  const endsAt = Date.now() + 1000 * Number(seconds);
  const context = { awsRequestId: `request-${process.pid}-${id}`, getRemainingTimeInMillis: () => endsAt - Date.now() };
  try {
    process.send?.({ id, answer: await handler(event, context) });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
});
process.send?.({ ready: true });
