/**
 * Order in which resources are created and deleted, from the output of `-json`.
 * @see https://developer.hashicorp.com/terraform/internals/machine-readable-ui
 */
interface Line {
  readonly type: string;
  readonly hook?: { readonly resource: { readonly addr: string }; readonly action: string };
}

/** Start and end of a change, as positions in the output, with Terraform's address. */
export interface Change {
  readonly address: string;
  readonly started: number;
  readonly completed: number;
}

/** Returns the changes of an `apply -json` or `destroy -json`, in order of their start. */
export function changes(stdout: string): Change[] {
  const lines = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  return lines.flatMap(({ type, hook }, started) => {
    if (type !== 'apply_start' || hook === undefined || hook.action === 'read') {
      return [];
    }
    const { addr: address } = hook.resource;
    const completed = lines.findIndex((line) => line.type === 'apply_complete' && line.hook?.resource.addr === address);
    return [{ address, started, completed }];
  });
}

/** Returns the pairs in which a change of `later` started before one of `earlier` was complete; there should be none. */
export function outOfOrder(all: readonly Change[], earlier: readonly string[], later: readonly string[]): string[] {
  const of = (addresses: readonly string[]) => all.filter(({ address }) => addresses.includes(address));
  return of(earlier).flatMap((first) =>
    of(later)
      .filter((second) => second.started < first.completed)
      .map((second) => `${second.address} started before ${first.address} was complete`),
  );
}
