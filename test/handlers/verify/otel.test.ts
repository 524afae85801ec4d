import { expect, test } from "vitest";
import { anAudio } from "../../support/fixtures/events.ts";
import { aCallSpan, anOtelCall, spansOfACall } from "../../support/fixtures/otel.ts";
import { anArchiveOf, foundIn } from "./archive-to-verify.ts";

test("a call in OpenTelemetry's format, with its recording, is verified like any other", async () => {
  const [, ...turns] = spansOfACall();
  const oneSecond = aCallSpan({ "session.duration_ms": 1_000 });
  expect(await foundIn(await anArchiveOf([anOtelCall([oneSecond, ...turns]), anAudio()]))).toEqual([]);
});
