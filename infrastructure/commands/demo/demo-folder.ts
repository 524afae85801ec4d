/** Where the demo's archive is. Not that of any archive in use: it is emptied at each start. */
export const DEMO_FOLDER = ".archive-demo";
