import { EndpointEmulator } from './endpoint-emulator';

const MODEL = 'qwen3-coder:30b-ctx64k';
const TOOL = { name: 'get_weather', function: { name: 'get_weather' } };

/** The result of the emulator's call, as tools send it: a member may be anywhere. */
const RESULTS = [
  ['/v1/responses', { input: [{ type: 'function_call_output', id: 'fco_1', call_id: 'call_0815', output: 'rain' }] }],
  ['/v1/chat/completions', { messages: [{ tool_call_id: 'call_0815', role: 'tool', content: 'rain' }] }],
  [
    '/v1/messages',
    { messages: [{ role: 'user', content: [{ content: 'rain', type: 'tool_result', tool_use_id: 'call_0815' }] }] },
  ],
] as const;

let endpoint: EndpointEmulator;

beforeEach(async () => {
  endpoint = await new EndpointEmulator({ models: [{ name: MODEL, contextLength: 65_536 }] }).start();
});

afterEach(() => endpoint.stop());

test.each(RESULTS)('%s: calls a tool once, and answers in text after its result', async (path, result) => {
  expect(await ask(path, { messages: [], input: [] })).toContain('get_weather');
  expect(await ask(path, result)).not.toContain('get_weather');
});

test.each(RESULTS)('%s: does not count the result of another call', async (path, result) => {
  const other = JSON.parse(JSON.stringify(result).replace('call_0815', 'call_4711')) as object;
  expect(await ask(path, other)).toContain('get_weather');
});

async function ask(path: string, body: object): Promise<string> {
  const answer = await fetch(endpoint.url + path, {
    method: 'POST',
    body: JSON.stringify({ model: MODEL, stream: true, tools: [TOOL], ...body }),
  });
  return answer.text();
}
