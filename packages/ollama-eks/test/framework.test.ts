/** A token as CDKTF keeps it, with the trace of where it was created. */
interface Traced {
  readonly creationStack: readonly string[];
}

const traceOf = (): readonly string[] => {
  let trace: readonly string[] = [];
  jest.isolateModules(() => {
    const { Lazy } = jest.requireActual<typeof import('../src/framework')>('../src/framework');
    trace = (Lazy.anyValue({ produce: () => 'x' }) as unknown as Traced).creationStack;
  });
  return trace;
};

afterEach(() => {
  delete process.env['OLLAMA_EKS_TOKEN_TRACES'];
});

test('tokens keep no stack trace', () => {
  expect(traceOf()).toEqual([]);
});

test('OLLAMA_EKS_TOKEN_TRACES brings the traces back', () => {
  process.env['OLLAMA_EKS_TOKEN_TRACES'] = '1';
  expect(traceOf().length).toBeGreaterThan(3);
});
