/** The command was called in a way it does not understand. The message is one line, and says what was probably meant. */
export class WrongUsage extends Error {
  override readonly name = "WrongUsage";
}
