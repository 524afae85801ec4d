/**
 * What `make` gives for a key that may change while it is used: made once for each value of the key.
 *
 * @throws what `key` throws.
 */
export function forKey<Service>(key: () => Promise<string>, make: (key: string) => Service): () => Promise<Service> {
  let made: { readonly key: string; readonly service: Service } | undefined;
  return async () => {
    const now = await key();
    if (made?.key !== now) made = { key: now, service: make(now) };
    return made.service;
  };
}
