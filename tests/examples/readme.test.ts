import { expect, it } from 'vitest';
import { startChild } from '../support/child.js';
import { post } from '../support/command.js';
import { freePort } from '../support/freePort.js';
import { examplesIn } from '../support/manual.js';
import { temporaryFolder } from '../support/temporary.js';
import { eventually } from '../support/waiting.js';

it('the app at the beginning of the README answers queries, and agents', async () => {
  const [app = ''] = await examplesIn('README.md', 'ts');
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const child = startChild(
    app.replace('4000', String(port)).replace('./knowledge', await temporaryFolder()),
  );
  try {
    const { body } = await eventually(() =>
      post(origin, '{ organization(slug: "nato") { name } }'),
    );
    expect(body).toEqual({ data: { organization: { name: 'NATO' } } });
    const listed = await fetch(`${origin}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
    });
    expect(await listed.text()).toContain('"name":"facts"');
  } finally {
    await child.kill();
  }
});
