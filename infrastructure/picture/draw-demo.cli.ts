import { writeFile } from "node:fs/promises";
import { demoPicture, PICTURE } from "./demo-picture.client.ts";

// `npm run picture` draws the picture of the README.
await writeFile(PICTURE, await demoPicture());
