declare global {
  /** Set by the test environment; undefined in programs that use the emulators without Jest. */
  var sharedByTestFiles: Map<string, unknown> | undefined;
}

/** Creates a value once per worker of Jest. It must not depend on the test file that is the first to use it. */
export function sharedByTestFiles<Value>(name: string, create: () => Value): Value {
  const values = globalThis.sharedByTestFiles ?? new Map<string, unknown>();
  if (!values.has(name)) values.set(name, create());
  return values.get(name) as Value;
}
