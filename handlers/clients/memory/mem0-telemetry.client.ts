/** Turns off the reports that `mem0ai` sends to a third party. It reads the variable once, when it is loaded: import this before it. */
process.env["MEM0_TELEMETRY"] = "false";
