import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { soundBankText } from "./sound-bank-text.ts";

// `npm run voices` runs this. It encodes the sounds of which the voices of sample calls consist.
await writeFile(join(import.meta.dirname, "sound-bank.json"), soundBankText());
