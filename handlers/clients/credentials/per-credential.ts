/**
 * Returns a function that returns the service for the current key. Calls `make` again only when the key changes.
 *
 * @throws what `key` throws.
 */
export function perCredential<Service>(
  key: () => Promise<string>,
  make: (key: string) => Service,
): () => Promise<Service> {
  let cached: { readonly key: string; readonly service: Service } | undefined;
  return async () => {
    const current = await key();
    if (cached?.key !== current) cached = { key: current, service: make(current) };
    return cached.service;
  };
}
