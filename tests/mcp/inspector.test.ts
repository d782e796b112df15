import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { serve, stop } from '../support/command.js';
import { temporaryFolder } from '../support/temporary.js';

/** The inspector reads its own package.json relative to the working directory. */
const build = resolve('node_modules/@modelcontextprotocol/inspector-cli/build');

const inspect = async (...args: string[]) => {
  const { stdout } = await promisify(execFile)(process.execPath, ['cli.js', '--cli', ...args], {
    cwd: build,
  });
  return JSON.parse(stdout) as { tools?: { name: string }[]; content?: { text: string }[] };
};

const facts = ['--method', 'tools/call', '--tool-name', 'facts', '--tool-arg', 'entity=nato'];
const offices = [...facts, '--tool-arg', 'include=["offices"]', '--tool-arg', 'kind=["LIAISON"]'];

describe('the MCP inspector', () => {
  it('lists and calls the tools of chancery mcp and of /mcp', async () => {
    const folder = await temporaryFolder();
    await cp(inject('sampleFolder'), folder, { recursive: true });
    const command = [
      '-e',
      `CHANCERY_DATA_DIR=${folder}`,
      process.execPath,
      resolve('dist/cli.js'),
      'mcp',
    ];
    const server = await serve({ CHANCERY_DATA_DIR: folder });
    const url = [`${server.origin}/mcp`, '--transport', 'http'];
    for (const target of [command, url]) {
      const { tools } = await inspect(...target, '--method', 'tools/list');
      expect(tools?.map(({ name }) => name)).toContain('facts');
      const { content } = await inspect(...target, ...offices);
      const answer = JSON.parse(content?.[0]?.text ?? '') as { offices: object[] };
      expect(answer.offices).toHaveLength(8);
    }
    const metrics = await (await fetch(`${server.origin}/metrics`)).text();
    expect(metrics).toMatch(/chancery_requests_total\{operation="McpFacts",outcome="ok"\} 1\n/);
    expect(metrics).toMatch(/chancery_requests_total\{operation="Mcp",outcome="ok"\} [1-9]/);
    await stop(server.process);
  });
});
