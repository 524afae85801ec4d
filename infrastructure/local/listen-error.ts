import { WrongSetting } from "./settings.ts";

/** Returns the error of a server that cannot listen: as a wrong HOST or PORT, if it is one. */
export function listenError(
  error: NodeJS.ErrnoException,
  { host, port }: { readonly host: string; readonly port: number },
): Error {
  const { code = "", syscall, message: cause } = error;
  if (syscall === "getaddrinfo" || code === "EADDRNOTAVAIL" || code === "EINVAL")
    return new WrongSetting(
      `HOST is ${JSON.stringify(host)}: it must be an address or name of this machine (${cause})`,
    );
  if (code === "EACCES")
    return new WrongSetting(`PORT is "${port}": it must be a port that this user may listen on (${cause})`);
  return error;
}
