/** Exit code for errors that the caller must fix. */
export const USAGE = 2;

/**
 * Runs a program of this repository and sets its exit code: 2, with a message, if `parse` refuses the arguments; otherwise
 * the result of `run`.
 */
export function command<Request>(parse: (args: string[]) => Request, run: (request: Request) => Promise<number>): void {
  let request: Request;
  try {
    request = parse(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = USAGE;
    return;
  }
  void run(request).then((code) => {
    process.exitCode = code;
  });
}
