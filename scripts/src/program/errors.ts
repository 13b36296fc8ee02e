/** A command that was called wrongly: exit code 2. */
export class UsageError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** What the library refuses was asked for wrongly: exit code 2. */
export function refusing<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause));
  }
}
