/** The command line is not valid. The message is one line that states the problem and a likely correction. */
export class WrongUsage extends Error {
  override readonly name = "WrongUsage";
}
