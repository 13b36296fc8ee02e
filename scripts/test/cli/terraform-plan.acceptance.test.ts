// Plans of the real programs, which the stand-in is compared with.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { suite, tool } from '../../../test/acceptance/support';
import { Masker } from '../../src/program/masker';
import { ZxRunner } from '../../src/program/process';
import type { ToolError } from '../../src/program/tool-error';
import { Reporter } from '../../src/program/reporter';
import { Settings } from '../../src/program/resolved-settings';
import { Terraform } from '../../src/systems/terraform';
import type { PlanSummary } from '../../src/systems/terraform-plan';

/** How the stack is reported. */
const STACK = { name: 'infra', minutes: 1 };

describe.each(['terraform', 'tofu'] as const)('%s', (engine) => {
  suite(`plans of ${engine}`, [engine], () => {
    let directory: string;
    let said: string[];
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), 'ollama-eks-plan-'));
      said = [];
    });
    afterEach(() => rmSync(directory, { recursive: true, force: true }));

    /** A stack of built-in resources: name → [what changes in place, what does not]. */
    function write(resources: Readonly<Record<string, readonly [input: string, trigger: string]>>): void {
      const terraform_data = Object.fromEntries(
        Object.entries(resources).map(([name, [input, trigger]]) => [name, { input, triggers_replace: [trigger] }]),
      );
      writeFileSync(join(directory, 'cdk.tf.json'), JSON.stringify({ resource: { terraform_data } }));
    }

    async function open(): Promise<Terraform> {
      const masker = new Masker();
      const path = [dirname(tool(engine)), process.env['PATH']].join(delimiter);
      const streams = { out: { write: () => true }, err: { write: (text: string) => said.push(text) } };
      const terraform = new Terraform(
        {
          runner: new ZxRunner(masker, new AbortController().signal, { ...process.env, PATH: path }),
          settings: Settings.resolve({ terraform: engine }, {}, directory),
          reporter: new Reporter(streams, masker, true),
          clock: { now: Date.now, sleep: () => Promise.resolve() },
        },
        directory,
      );
      await terraform.init();
      return terraform;
    }

    it('distinguish what is created, changed, replaced and deleted', async () => {
      write({ a: ['1', 'x'], b: ['1', 'x'], c: ['1', 'x'], d: ['1', 'x'] });
      const terraform = await open();
      expect(await terraform.plan()).toMatchObject({ counts: { create: 4 }, losses: [] });
      expect(await terraform.apply(() => Promise.resolve(), STACK)).toBe(true);
      expect(await terraform.apply(() => Promise.reject(new Error('there is nothing to judge')), STACK)).toBe(false);
      write({ a: ['1', 'x'], b: ['2', 'x'], c: ['1', 'y'], e: ['1', 'x'] });
      const { counts, losses } = (await terraform.plan()) as PlanSummary;
      const unknown = { subject: 'resource', effect: 'replaces' };
      expect(counts).toEqual({ create: 1, update: 1, replace: 1, delete: 1 });
      expect(losses).toEqual([
        { address: 'terraform_data.c', action: 'replace', ...unknown, causes: ['triggers_replace'], unfinished: false },
        { address: 'terraform_data.d', action: 'delete', ...unknown, causes: [], unfinished: false },
      ]);
    });

    it('change nothing without consent, and leave no file', async () => {
      write({ a: ['1', 'x'] });
      const terraform = await open();
      await terraform.apply(() => Promise.resolve(), STACK);
      write({ b: ['1', 'x'] });
      const modes: number[] = [];
      const judged = terraform.apply(() => {
        const folder = join(directory, '.ollama-eks-plan');
        for (const file of readdirSync(folder)) modes.push(statSync(join(folder, file)).mode & 0o777);
        return Promise.reject(new Error('no'));
      }, STACK);
      await expect(judged).rejects.toThrow('no');
      expect(modes).toEqual([0o600]);
      expect(existsSync(join(directory, '.ollama-eks-plan'))).toBe(false);
      expect(await terraform.resources()).toEqual(['terraform_data.a']);
    });

    it('are created again if the state has changed', async () => {
      write({ a: ['1', 'x'] });
      const [terraform, other] = [await open(), await open()];
      let times = 0;
      await terraform.apply(async () => {
        times += 1;
        if (times > 1) return;
        write({ a: ['1', 'x'], b: ['1', 'x'] });
        // both share the folder of the plan, which the other must not delete
        const plan = readFileSync(join(directory, '.ollama-eks-plan/tfplan'));
        await other.apply(() => Promise.resolve(), STACK);
        const { mkdirSync } = jest.requireActual<typeof import('node:fs')>('node:fs');
        mkdirSync(join(directory, '.ollama-eks-plan'));
        writeFileSync(join(directory, '.ollama-eks-plan/tfplan'), plan);
        write({ a: ['2', 'x'], b: ['1', 'x'] });
      }, STACK);
      expect(times).toBe(2);
      expect(said.join('')).toContain('has become stale; planning again');
      expect(await terraform.plan()).toBeUndefined();
    });

    it('are followed while they are applied and destroyed', async () => {
      write({ a: ['1', 'x'], b: ['1', 'x'] });
      const terraform = await open();
      await terraform.apply(() => Promise.resolve(), STACK);
      write({ a: ['2', 'x'], b: ['1', 'y'] });
      await terraform.apply(() => Promise.resolve(), STACK);
      await terraform.destroy(STACK);
      const waits = said.filter((line) => line.startsWith('wait'));
      expect(waits).toEqual([
        'wait   infra: 0 of 2 created, waiting for terraform_data, 0:00 of about 1:00\n',
        'wait   infra: 0 of 3 done, waiting for terraform_data, 0:00 of about 1:00\n',
        'wait   infra: 0 of 2 destroyed, waiting for terraform_data, 0:00 of about 1:00\n',
      ]);
      expect(said.join('')).toContain('terraform_data.a: Creation complete');
    });

    it('fail with the errors in full, and without secrets', async () => {
      const input = '${var.password}';
      const condition = '${self.id == "other"}';
      const message = 'GPU nodes need 48 vCPUs, more than the quota of this account.';
      const postcondition = [{ condition, error_message: message }];
      const data = { input, lifecycle: { postcondition } };
      const password = { type: 'string', sensitive: true, default: 'sentinel-5e1f-secret' };
      writeFileSync(
        join(directory, 'cdk.tf.json'),
        JSON.stringify(
          {
            variable: { password },
            resource: { terraform_data: { a: data, b: { input: '${terraform_data.a.id}' } } },
            output: { id: { value: '${terraform_data.b.id}' }, password: { value: input, sensitive: true } },
          },
          undefined,
          2,
        ),
      );
      const terraform = await open();
      const error = await terraform
        .apply(() => Promise.resolve(), STACK)
        .then(
          () => undefined,
          (thrown: unknown) => thrown as ToolError,
        );
      expect(error?.stderr).toContain('Error: Resource postcondition failed');
      expect(error?.stderr).toMatch(
        /on cdk\.tf\.json line \d+, in resource\.terraform_data\.a\.lifecycle\.postcondition\[0\]:/,
      );
      expect(error?.message).toContain(message);
      expect(JSON.stringify([said, error])).not.toContain('sentinel-5e1f-secret');
    });

    it('know which resources were never completed', async () => {
      write({ a: ['1', 'x'] });
      const terraform = await open();
      await terraform.apply(() => Promise.resolve(), STACK);
      const state = join(directory, 'terraform.tfstate');
      const content = JSON.parse(readFileSync(state, 'utf8')) as {
        serial: number;
        resources: { instances: { status?: string }[] }[];
      };
      for (const { instances } of content.resources) for (const instance of instances) instance.status = 'tainted';
      writeFileSync(state, JSON.stringify({ ...content, serial: content.serial + 1 }));
      expect(await terraform.plan()).toMatchObject({
        counts: { replace: 1 },
        losses: [{ action: 'replace', unfinished: true }],
      });
    });
  });
});
