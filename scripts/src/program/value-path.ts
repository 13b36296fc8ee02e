/** Returns the value at a path, or undefined. */
export function getValue(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

/** Returns a copy with the value at a path set, or removed together with the objects that become empty. */
export function setValue(value: unknown, path: readonly string[], inner: unknown): Record<string, unknown> {
  const copy: Record<string, unknown> =
    typeof value === 'object' && value !== null ? { ...(value as Record<string, unknown>) } : {};
  const [key, ...rest] = path;
  if (key === undefined) return copy;
  const below = rest.length === 0 ? inner : setValue(copy[key], rest, inner);
  if (below !== undefined && (rest.length === 0 || !isEmpty(below))) return { ...copy, [key]: below };
  return Object.fromEntries(Object.entries(copy).filter(([name]) => name !== key));
}

/** Returns whether a value has keys: neither an array nor a date. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Returns whether a value is an object without keys. */
export function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Returns a copy without empty objects, at any depth: removing the last value of an object may remove the object. */
export function withoutEmpty(value: unknown): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withoutEmpty(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => !(isObject(inner) && isEmpty(inner))));
}
