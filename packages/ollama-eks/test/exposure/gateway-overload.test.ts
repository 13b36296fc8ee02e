import { overloadReply } from '../../src/exposure/gateway-overload';

test("only a request that Envoy refuses at capacity becomes 429 with Retry-After; a server's own answer is kept", () => {
  const [patch, ...others] = overloadReply().spec.configPatches;
  expect(others).toEqual([]);
  expect(patch).toMatchObject({
    applyTo: 'NETWORK_FILTER',
    match: { context: 'GATEWAY' },
    patch: {
      operation: 'MERGE',
      value: {
        typed_config: {
          local_reply_config: {
            mappers: [
              {
                filter: {
                  or_filter: {
                    filters: [
                      { response_flag_filter: { flags: ['UO'] } },
                      { status_code_filter: { comparison: { op: 'EQ', value: { default_value: 429 } } } },
                    ],
                  },
                },
                status_code: 429,
                headers_to_add: [{ header: { key: 'Retry-After', value: '10' } }],
              },
            ],
          },
        },
      },
    },
  });
});
