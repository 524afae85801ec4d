"use strict";

// npm runs this script in `npm ci`. If Node is too old, it prints one line and the install fails.
//
// The syntax is old on purpose, so that Node 12 can parse it. npm may run this with the Node 24 that it has just
// installed, so the version comes from npm's user agent: "npm/10.8.2 node/v20.20.2 linux x64".
const OLDEST = 20;

/** The version of the Node that npm runs on, such as "20.20.2". */
function nodeOfNpm(userAgent, fallback) {
  const found = / node\/v(\d+\.\d+\.\d+)/.exec(` ${userAgent || ""}`);
  return found ? found[1] : fallback;
}

const version = nodeOfNpm(process.env.npm_config_user_agent, process.versions.node);
if (Number(version.split(".")[0]) < OLDEST) {
  console.error(`call-archive needs Node.js ${OLDEST} or later to install, and this is ${version}: https://nodejs.org`);
  process.exitCode = 1;
}
