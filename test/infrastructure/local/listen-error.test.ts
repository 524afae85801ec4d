import { expect, test } from "vitest";
import { listenError } from "../../../infrastructure/local/listen-error.ts";
import { WrongSetting } from "../../../infrastructure/local/settings.ts";

const errorOf = (message: string, code: string, syscall: string) => {
  const error = Object.assign(new Error(message), { code, syscall });
  return { error, found: listenError(error, { host: "nope", port: 80 }) };
};

test.each([
  ["getaddrinfo ENOTFOUND nope", "ENOTFOUND", "getaddrinfo", 'HOST is "nope": it must be an address or name'],
  ["getaddrinfo EAI_AGAIN nope", "EAI_AGAIN", "getaddrinfo", 'HOST is "nope": it must be an address or name'],
  ["listen EINVAL: invalid argument nope", "EINVAL", "listen", 'HOST is "nope": it must be an address or name'],
  [
    "listen EACCES: permission denied nope:80",
    "EACCES",
    "listen",
    'PORT is "80": it must be a port that this user may',
  ],
])("%s is a wrong setting", (message, code, syscall, text) => {
  const { found } = errorOf(message, code, syscall);
  expect(found).toBeInstanceOf(WrongSetting);
  expect(found.message).toMatch(new RegExp(`^${RegExp.escape(text)}.* \\(${RegExp.escape(message)}\\)$`));
});

test("a port in use is an error of the system, not a wrong setting", () => {
  const { error, found } = errorOf("listen EADDRINUSE: address already in use", "EADDRINUSE", "listen");
  expect(found).toBe(error);
});
