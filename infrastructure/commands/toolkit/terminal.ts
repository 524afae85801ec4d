import { askHidden } from "./ask-hidden.ts";
import { confirm } from "./confirm.ts";
import { type Progress, progress } from "./progress.ts";

/** The streams and the environment that a command runs in: those of the process, or of a test. */
interface ProcessIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Returns a signal that Ctrl-C and SIGTERM abort. From this call on, only a second one ends the process. */
  stopSignal(): AbortSignal;
}

/** The parts of its process that a command uses. */
export interface Terminal extends Pick<ProcessIo, "env" | "stdin" | "stopSignal"> {
  /** The width of standard output in columns; `undefined` if it is not a terminal. */
  readonly columns: number | undefined;
  /** Whether a question can be asked: standard input and standard error are terminals. */
  readonly canConfirm: boolean;
  /** The exit status so far. */
  readonly status: number;
  /** Writes to standard output. */
  print(text: string): void;
  /** Writes a line to standard output. */
  printLine(line: string): void;
  /** Writes a line to standard error. */
  printNote(line: string): void;
  /** Writes a line to standard error, and sets exit status 1. */
  fail(line: string): void;
  /** Sets the exit status, unless it is already set to another than 0. */
  exitWith(status: number): void;
  /** Asks on standard error. The end of the input and Ctrl-C mean no. */
  confirm(question: string): Promise<boolean>;
  /** Asks on standard error for a value that is not shown. The end of the input and Ctrl-C mean the empty value. */
  askHidden(question: string): Promise<string>;
  /** Shows the progress of `what` on standard error, of `total` if that is known. */
  progress(what: string, total?: number): Progress;
}

/** The terminal of one run of a command, over `io`. */
export function terminalIn(io: ProcessIo): Terminal {
  const { env, stdout, stderr } = io;
  let status = 0;
  const print = (text: string) => void stdout.write(text);
  const printNote = (line: string) => void stderr.write(`${line}\n`);
  const exitWith = (wanted: number) => {
    if (status === 0) status = wanted;
  };
  return {
    env,
    get stdin() {
      return io.stdin;
    },
    stopSignal: io.stopSignal,
    columns: stdout.columns,
    get canConfirm() {
      return io.stdin.isTTY === true && stderr.isTTY === true;
    },
    get status() {
      return status;
    },
    print,
    printLine: (line) => print(`${line}\n`),
    printNote,
    fail(line) {
      printNote(line);
      exitWith(1);
    },
    exitWith,
    confirm: (question) => confirm(question, io.stdin, stderr),
    askHidden: (question) => askHidden(question, io.stdin, stderr),
    progress: (what, total) => progress(stderr, what, total),
  };
}
