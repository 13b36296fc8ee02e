import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Masker } from '../../src/program/masker';
import { ZxRunner } from '../../src/program/process';
import { ToolError } from '../../src/program/tool-error';

const SENTINEL = 'sentinel-5e1f-secret';

function runner(lines: string[] = [], signal = new AbortController().signal): ZxRunner {
  const masker = new Masker();
  masker.add(SENTINEL);
  return new ZxRunner(masker, signal, process.env, (line) => lines.push(line));
}

test('arguments are passed unchanged, even if a shell would expand them', async () => {
  const hostile = ['a b', '$(echo x)', "it's", '*', '', '"'];
  const { stdout } = await runner().run('node', [
    '-e',
    'console.log(JSON.stringify(process.argv.slice(1)))',
    '--',
    ...hostile,
  ]);
  expect(JSON.parse(stdout)).toEqual(hostile);
});

test('a secret in the environment is in no message, command line, or forwarded output', async () => {
  const lines: string[] = [];
  const shown: string[] = [];
  const script =
    'console.error(process.env.TOKEN); console.log(Buffer.from(process.env.TOKEN).toString("base64")); process.exit(3)';
  const error = await runner(lines)
    .run('node', ['-e', script], { env: { TOKEN: SENTINEL }, onOutput: (text) => shown.push(text) })
    .catch((thrown: unknown) => thrown as ToolError);
  expect(error).toBeInstanceOf(ToolError);
  const said = JSON.stringify([lines, shown, error, (error as ToolError).message]);
  expect(said).toContain('***');
  expect(said).not.toContain(SENTINEL);
  expect(said).not.toContain(Buffer.from(SENTINEL).toString('base64'));
});

test('lines of standard output are whole and masked, even if a chunk ends inside a secret or a character', async () => {
  const lines: string[] = [];
  const script = `
    const bytes = Buffer.from('ä ' + process.env.TOKEN + '\\n\\nlast');
    let index = 0;
    const timer = setInterval(() => {
      process.stdout.write(bytes.subarray(index, index + 1));
      index += 1;
      if (index === bytes.length) clearInterval(timer);
    }, 1);
    process.stderr.write('not a line of it\\n');`;
  await runner().run('node', ['-e', script], { env: { TOKEN: SENTINEL }, onLine: (line) => lines.push(line) });
  expect(lines).toEqual(['ä ***', '', 'last']);
});

test('exit codes that count as success are returned', async () => {
  expect((await runner().run('node', ['-e', 'process.exit(2)'], { ok: [0, 2] })).exitCode).toBe(2);
});

test('the error for a missing program says where to get it', async () => {
  await expect(runner().run('deck', ['version'], { env: { PATH: '/nowhere' } })).rejects.toThrow(
    /deck is not on the PATH; install it: https:/,
  );
});

test('a clean environment contains only what the caller passes', async () => {
  process.env['DECK_KONG_ADDR'] = 'http://stray';
  const { stdout } = await runner().run(
    'node',
    ['-p', 'Object.keys(process.env).filter((k) => /^DECK_/.test(k)).join()'],
    {
      cleanEnv: true,
      env: { DECK_ANALYTICS: 'off' },
    },
  );
  delete process.env['DECK_KONG_ADDR'];
  expect(stdout.trim()).toBe('DECK_ANALYTICS');
});

test('an interrupt ends the child', async () => {
  const interrupt = new AbortController();
  const child = runner([], interrupt.signal).run('node', ['-e', 'setTimeout(() => {}, 60000)']);
  setTimeout(() => {
    interrupt.abort();
  }, 200);
  await expect(child).rejects.toBeInstanceOf(ToolError);
});

test('an interrupt reaches a child and its children once', async () => {
  const interrupt = new AbortController();
  const shown: string[] = [];
  const script = [
    'const { spawn } = require("node:child_process");',
    'const heard = "process.on(\\"SIGINT\\", () => { console.log(\\"child\\"); setTimeout(() => process.exit(), 200); }); setInterval(() => {}, 1000); console.log(\\"up\\")";',
    'spawn(process.execPath, ["-e", heard], { stdio: "inherit" }).on("exit", () => process.exit(3));',
    'process.on("SIGINT", () => console.log("parent"));',
  ].join('\n');
  const child = runner([], interrupt.signal).run('node', ['-e', script], {
    ok: [3],
    onOutput: (text) => {
      shown.push(text);
      if (text.includes('up')) interrupt.abort();
    },
  });
  expect((await child).exitCode).toBe(3);
  expect(shown.join('').trim().split('\n').sort()).toEqual(['child', 'parent', 'up']);
});

test('no child is started after an interrupt', async () => {
  const interrupt = new AbortController();
  interrupt.abort();
  await expect(runner([], interrupt.signal).run('node', ['-e', '0'])).rejects.toMatchObject({ name: 'AbortError' });
});

test('no shell is needed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ollama-eks-no-shell-'));
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  const before = process.env['PATH'];
  process.env['PATH'] = bin;
  try {
    await jest.isolateModulesAsync(async () => {
      const { ZxRunner: Fresh } =
        jest.requireActual<typeof import('../../src/program/process')>('../../src/program/process');
      const alone = new Fresh(new Masker(), new AbortController().signal, { PATH: bin });
      const { stdout } = await alone.run('node', ['-p', '"it\\\'s " + process.argv[1]', '$HOME']);
      expect(stdout).toBe("it's $HOME\n");
      await expect(alone.run('kubectl', ['version'])).rejects.toThrow(/kubectl is not on the PATH/);
    });
  } finally {
    process.env['PATH'] = before;
    rmSync(directory, { recursive: true });
  }
});
