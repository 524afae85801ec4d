import pMap from "p-map";
import type { Log } from "../../../handlers/clients/observability/log.ts";
import type { Settings } from "../../local/settings.ts";
import { existingArchive } from "../toolkit/archive-folder.client.ts";
import { deploymentOf } from "../toolkit/deployment/deployment-of.ts";
import type { RedriveItem, RedriveQueue } from "../toolkit/deployment/redrive-queue.ts";
import { presentRows } from "../toolkit/present.ts";
import { chosenItems } from "../toolkit/redrive/chosen-items.ts";
import { sendItems, sortedItems } from "../toolkit/redrive/send-items.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { isFailure, logTo } from "../toolkit/work-log.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import type { RedriveRequest } from "./redrive.command.ts";

const DROPS_AT_ONCE = 10;

/** Lists dead letters, unrouted and quarantined objects, sends them back, or forgets dead letters. */
export async function runRedrive(command: RedriveRequest, terminal: Terminal): Promise<void> {
  if (command.action !== "list" && !command.yes && !terminal.canConfirm)
    throw new WrongUsage(`--${command.action} needs a confirmation, and there is no terminal to ask on: add --yes`);
  const queue = await redriveQueueOf(command.stack, existingArchive(terminal.env, command.stack), terminal);
  try {
    const named = chosenItems(await queue.list(), command.keys);
    if (named.length === 0) return printNothing(queue, command, terminal);
    if (command.action === "list") printItems(named, command, terminal);
    if (command.action === "drop") await dropItems(named, queue, command, terminal);
    if (command.action === "send") await sendBack(named, queue, command, terminal);
  } finally {
    await queue.close();
  }
}

async function redriveQueueOf(
  stack: string | undefined,
  settings: Settings,
  terminal: Terminal,
): Promise<RedriveQueue> {
  const deployment = await deploymentOf(stack, settings);
  return deployment.redriveQueue(onlyFailures(logTo(terminal.printLine)));
}

/** Logs only failed tries of objects that this process processes. */
function onlyFailures(log: Log): Log {
  return (entry) => {
    if (isFailure(entry)) log(entry);
  };
}

function printItems(queue: readonly RedriveItem[], { format }: RedriveRequest, { print, columns }: Terminal): void {
  const rows = queue.map(({ key, attempts, since, reason }) => [key, attempts, timeIn(since), reason]);
  print(presentRows(["key", "attempts", "since", "reason"], rows, format, columns));
}

function timeIn(since: string | null): Date | null {
  const time = new Date(since ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? null : time;
}

async function dropItems(
  named: readonly RedriveItem[],
  queue: RedriveQueue,
  command: RedriveRequest,
  terminal: Terminal,
): Promise<void> {
  const dead = named.filter(({ kind }) => kind === "dead letter");
  if (command.keys.length > 0) {
    for (const { key, kind } of named.filter((each) => !dead.includes(each)))
      terminal.fail(
        `${key} is ${kind} and was not forgotten: a delivery stays in the archive. --send moves it to its call`,
      );
  }
  if (dead.length === 0 && command.keys.length === 0) return printNothing(queue, command, terminal);
  if (dead.length === 0 || !(await isConfirmed(`Forget ${objects(dead)}?`, command, terminal))) return;
  await pMap(dead, queue.drop, { concurrency: DROPS_AT_ONCE });
  terminal.printLine(`${objects(dead)} forgotten`);
}

async function sendBack(
  named: readonly RedriveItem[],
  queue: RedriveQueue,
  command: RedriveRequest,
  terminal: Terminal,
): Promise<void> {
  const toSend = sendable(named, command, terminal);
  if (toSend.length === 0 || !(await isConfirmed(questionOf(toSend), command, terminal))) return;
  const { keys, refused, by, again } = await sendItems(toSend, queue, { stop: new AbortController().signal });
  for (const { key, reason } of refused) terminal.fail(`${key} was not sent back: ${reason}`);
  if (keys.length === 0) return;
  if (by !== "here") return terminal.printLine(`${objects(keys)} sent back: ${by} processes them`);
  terminal.printLine(`${keys.length - again.length} of ${objects(keys)} processed`);
  if (again.length === 0) return;
  printItems(again, command, terminal);
  terminal.exitWith(1);
}

/** Returns those of `named` that can be sent back. Prints the others with the reasons. */
function sendable(
  named: readonly RedriveItem[],
  { keys, yes, quarantined }: RedriveRequest,
  terminal: Terminal,
): readonly RedriveItem[] {
  const isNamed = keys.length > 0;
  const { toSend, settled, unknown, held } = sortedItems(named, isNamed || !yes || quarantined);
  for (const { key, reason } of settled) terminal.fail(`${key} was not sent back (${reason}): --drop forgets it`);
  if (isNamed) {
    for (const { key, reason } of unknown) terminal.fail(`${key} was not sent back (${reason}): it stays where it is`);
  } else if (unknown.length > 0) {
    terminal.printNote(`Not sent back, because their type is unknown to this version: ${objects(unknown)}.`);
  }
  if (held.length > 0)
    terminal.printNote(
      `Not sent back, because they are quarantined: ${objects(held)}. Check the list; then name them, or add --quarantined.`,
    );
  return toSend;
}

function questionOf(toSend: readonly RedriveItem[]): string {
  const held = toSend.filter(({ kind }) => kind === "quarantined").length;
  return `Send ${objects(toSend)} back${held === 0 ? "" : `, ${held} of them quarantined`}?`;
}

/** Prints that there is nothing; as JSON, an empty list. */
function printNothing({ name }: RedriveQueue, command: RedriveRequest, terminal: Terminal): void {
  if (command.action === "list" && command.format === "json") printItems([], command, terminal);
  else if (command.action === "drop") terminal.printLine(`No dead letters in ${name}`);
  else terminal.printLine(`No dead letters, unrouted or quarantined objects in ${name}`);
}

async function isConfirmed(question: string, { yes }: RedriveRequest, terminal: Terminal): Promise<boolean> {
  if (yes || (await terminal.confirm(question))) return true;
  terminal.fail("Nothing was done.");
  return false;
}

function objects({ length }: readonly unknown[]): string {
  return length === 1 ? "1 object" : `${length} objects`;
}
