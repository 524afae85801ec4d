import { MOTO } from "../aws/aws.ts";

/** The S3 requests of a query: the listed prefixes, one for each request, and the keys of the objects that it read. */
export interface S3Requests {
  readonly listed: readonly string[];
  readonly read: ReadonlySet<string>;
}

/** Runs `task`, and returns the requests for `bucket` meanwhile, which moto records. One task at a time. */
export async function s3Requests(bucket: string, task: () => Promise<unknown>): Promise<S3Requests> {
  await recorder("reset-recording", "POST");
  await recorder("start-recording", "POST");
  await task().finally(() => recorder("stop-recording", "POST"));
  const recorded = await recorder("download-recording", "GET");
  // A request that is still being written may stand inside another one, so these lines are not always JSON.
  const urls = [...recorded.matchAll(/"method": "GET", "url": "([^"]*)"/g)].map(([, url = ""]) => new URL(url));
  const ofBucket = urls.filter(({ pathname }) => pathname.split("/")[1] === bucket);
  const isListing = ({ searchParams }: URL) => searchParams.has("list-type");
  return {
    listed: ofBucket
      .filter(isListing)
      .map(({ searchParams }) => searchParams.get("prefix") ?? "")
      .sort(),
    read: new Set(
      ofBucket
        .filter((url) => !isListing(url))
        .map(({ pathname }) => decodeURIComponent(pathname).slice(`/${bucket}/`.length)),
    ),
  };
}

/** Calls moto's recorder (docs.getmoto.org/en/latest/docs/configuration/recorder, tried with moto 5, 2026-12-01). */
async function recorder(action: string, method: "GET" | "POST"): Promise<string> {
  const response = await fetch(`${MOTO}/moto-api/recorder/${action}`, { method });
  if (!response.ok) throw new Error(`moto did not ${action}: ${response.status}`);
  return response.text();
}
