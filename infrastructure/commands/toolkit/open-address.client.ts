import { spawn } from "node:child_process";

/** The program of each system that opens an address in the browser, with its first arguments. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** Opens `address` in the browser of this machine, if it has one. Its failure is silent: print the address, too. */
export function openAddress(address: string): void {
  const [program, ...first] = OPENERS[process.platform] ?? ["xdg-open"];
  const opener = spawn(program, [...first, address], { stdio: "ignore", detached: true });
  opener.on("error", () => {});
  opener.unref();
}
