/** Turns the error for a file or folder that does not exist into `undefined`, and throws any other. For `catch`. */
export function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
}
