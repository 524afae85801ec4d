import { afterAll } from "vitest";
import { removeFolders } from "./fixtures/folder-of-file.ts";

afterAll(removeFolders);
