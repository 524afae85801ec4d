import { writeFile } from "node:fs/promises";
import { demoPicture, PICTURE } from "./demo-picture.client.ts";

// `npm run picture` runs this. It draws the picture of the README.
await writeFile(PICTURE, await demoPicture());
