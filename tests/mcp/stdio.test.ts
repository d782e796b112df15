import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { examplesIn } from '../support/manual.js';
import { run, serve, stop } from '../support/command.js';
import { answerOf, connected } from './client.js';

/** An agent starts `chancery mcp` on a copy of the sample. */
describe('chancery mcp', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chancery-'));
    await cp(inject('sampleFolder'), folder, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const command = (env: Record<string, string> = {}) => ({
    command: process.execPath,
    args: [resolve('dist/cli.js'), 'mcp'],
    env: { PATH: process.env['PATH'] ?? '', CHANCERY_DATA_DIR: folder, LOG_LEVEL: 'warn', ...env },
  });

  it('lists few tools that only read, in less than 2,500 tokens', async () => {
    const client = await connected(new StdioClientTransport(command()));
    const listed = await client.listTools();
    expect(listed.tools.map(({ name }) => name)).toEqual([
      ...['search', 'entity', 'facts', 'statements', 'path', 'query', 'schema'],
    ]);
    for (const { annotations, description } of listed.tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true });
      expect(description?.length).toBeLessThan(250);
    }
    expect(Buffer.byteLength(JSON.stringify(listed)) / 3).toBeLessThan(2500);
    await client.close();
  });

  it('answers a client of the present protocol as the manual shows, word for word', async () => {
    const [call = '', shown = ''] = await examplesIn('docs/agents.md', 'text');
    const client = new ModernClient({ name: 'test', version: '1' });
    await client.connect(new ModernTransport(command()));
    const [, name = '', args = ''] = /^(\w+) (.*)$/.exec(call.trim()) ?? [];
    const answer = answerOf(
      await client.callTool({ name, arguments: JSON.parse(args) as Record<string, unknown> }),
    );
    await client.close();
    // Ids are made anew with each sample.
    const withoutIds = (text: string) => text.trim().replaceAll(/[A-Z]{3}_[\w-]{22}/g, 'ID');
    expect(withoutIds(answer.text)).toBe(withoutIds(shown));
    expect(answer.tokens).toBeLessThan(2000);
  });

  it('answers what is piped into it, and then ends', async () => {
    const messages = [
      {
        id: 1,
        method: 'initialize',
        params: {
          protocolVersion: '2025-06-18',
          capabilities: {},
          clientInfo: { name: 'pipe', version: '1' },
        },
      },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/call', params: { name: 'entity', arguments: { entity: 'nato' } } },
    ].map((message) => JSON.stringify({ jsonrpc: '2.0', ...message }));
    const { env } = command();
    const { code, stdout } = await run(['mcp'], env, `${messages.join('\n')}\n`);
    expect(code).toBe(0);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number });
    expect(answers.map(({ id }) => id)).toEqual([1, 2]);
    expect(stdout).toContain('NATO (nato)');
  });

  it('reads beside a running server, with the rights of its key until that is revoked', async () => {
    const server = await serve({ CHANCERY_DATA_DIR: folder });
    const settings = { CHANCERY_DATA_DIR: folder };
    const created = await run(['keys', 'create', '--role', 'editor', '--name', 'Agent'], settings);
    const key = created.stdout.trim();
    const client = await connected(new StdioClientTransport(command({ CHANCERY_MCP_KEY: key })));
    const query = '{ organization(slug: "nato") { history { totalCount: __typename } } }';
    const call = async () =>
      answerOf(await client.callTool({ name: 'query', arguments: { query } }));
    expect((await call()).json).toEqual({
      data: { organization: { history: { totalCount: 'RevisionConnection' } } },
    });
    const listed = await run(['keys', 'list'], settings);
    const id = /^(\S+).*Agent/m.exec(listed.stdout)?.[1] ?? '';
    expect(await run(['keys', 'revoke', id], settings)).toMatchObject({ code: 0 });
    expect(await call()).toMatchObject({
      isError: true,
      text: expect.stringContaining('UNAUTHENTICATED') as string,
    });
    await client.close();
    await stop(server.process);
  });

  it('ends with an error that names the setting where its key is malformed', async () => {
    const { code, stderr } = await run(['mcp'], {
      ...command().env,
      CHANCERY_MCP_KEY: 'two words',
    });
    expect(code).toBe(2);
    expect(stderr).toContain('CHANCERY_MCP_KEY must be an API key');
    expect(stderr).not.toContain('two words');
  });

  it('ends at a message that is too long, and at a client that leaves', async () => {
    const { args, env } = command();
    const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.on('error', () => undefined);
    child.stdin.write('x'.repeat(2 * 1024 * 1024));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).not.toBeNull();
  });
});
