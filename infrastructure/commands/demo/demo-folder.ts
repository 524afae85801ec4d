/** The folder of the demo's archive. Each demo empties it, so it must not be the folder of another archive. */
export const DEMO_FOLDER = ".archive-demo";
