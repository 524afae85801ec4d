/**
 * Turns off the reports that `mem0ai` sends to a third party. The library reads the variable once, when it is loaded:
 * import this module before it.
 */
process.env["MEM0_TELEMETRY"] = "false";
