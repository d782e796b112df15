/** `npm run schema:changes`, run in a small repository that has released 0.1.0 or 1.4.0. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary.js';

const schema = `
  type Query { article(slug: String, url: String @deprecated(reason: "Use slug.")): Article old: String @deprecated(reason: "Use article.") }
  type Article { title: String! kind: Kind }
  enum Kind { REPORT OPINION }
`;

describe('npm run schema:changes', () => {
  it('says that there is nothing to compare with before the first release', async () => {
    const { run } = await repository({ version: '0.1.0', changelog: '## 0.1.0\n\nFirst.\n' });
    expect(await run()).toEqual({
      code: 0,
      stdout: 'schema.graphql is compared with nothing: CHANGELOG.md has no release before 0.1.0\n',
      stderr: '',
    });
  });

  it('passes what is added, and prints what may surprise a client', async () => {
    const { run, change } = await repository({ released: '0.1.0' });
    await change({
      schema: schema.replace('OPINION', 'OPINION REVIEW').replace('title:', 'body: String title:'),
    });
    expect(await run()).toEqual({
      code: 0,
      stdout:
        'schema.graphql of 0.1.0 compared with that of v0.1.0: 0 breaking, 1 dangerous changes\n' +
        'dangerous: REVIEW was added to enum type Kind.\n',
      stderr: '',
    });
  });

  const withoutKind = schema.replace('kind: Kind', 'kind: String');
  const names = (version: string, text: string) =>
    `## ${version}\n\n### Breaking changes\n\n- ${text}\n\n### Search\n\n- \`Article.title\`\n\n`;

  it.each([
    ['0.1.0', '0.1.1', 'the version 0.2.0'],
    ['1.4.0', '1.5.0', 'the version 2.0.0'],
  ])('rejects a breaking change between %s and %s', async (released, version, needed) => {
    const { run, change } = await repository({ released });
    await change({
      schema: withoutKind,
      version,
      changelog: names(version, '`Article.kind` is a text.'),
    });
    expect(await run()).toMatchObject({
      code: 1,
      stderr: `schema:changes: a breaking change needs ${needed} or later, not ${version}\n`,
    });
  });

  it.each([
    ['0.1.0', '0.2.0'],
    ['0.9.0', '1.0.0'],
    ['0.1.0', '0.2.0-rc.1'],
    ['1.4.0', '2.0.0'],
  ])('passes an announced breaking change between %s and %s', async (released, version) => {
    const { run, change } = await repository({ released });
    const changelog = names(version, '`Article.kind` is a text.');
    await change({ schema: withoutKind, version, changelog });
    expect(await run()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        'breaking: Article.kind changed type from Kind to String.',
      ) as unknown,
      stderr: '',
    });
  });

  it('rejects a breaking change that the changelog does not name as such', async () => {
    const { run, change } = await repository({ released: '0.1.0' });
    await change({
      schema: schema.replace('title: String!', 'title: String'),
      version: '0.2.0',
      changelog: names('0.2.0', 'Something else.'),
    });
    expect(await run()).toMatchObject({
      code: 1,
      stderr:
        'schema:changes: "### Breaking changes" in the section 0.2.0 of CHANGELOG.md does not name `Article.title`: Article.title changed type from String! to String.\n',
    });
  });

  it.each([
    ['a field', 'title: String!', '', '`Article.title`', 'Article.title was removed.'],
    ['a value', 'REPORT ', '', '`Kind.REPORT`', 'REPORT was removed from enum type Kind.'],
    [
      'an argument',
      'slug: String,',
      '',
      '`Query.article(slug:)`',
      'Query.article arg slug was removed.',
    ],
  ])('rejects to remove %s that was not deprecated', async (_what, from, to, named, removed) => {
    const { run, change } = await repository({ released: '0.1.0' });
    await change({
      schema: schema.replace(from, to),
      version: '0.2.0',
      changelog: names('0.2.0', `${named} is gone.`),
    });
    expect(await run()).toMatchObject({
      code: 1,
      stderr: `schema:changes: ${removed} It was not deprecated in 0.1.0.\n`,
    });
  });

  it('passes the announced end of what was deprecated', async () => {
    const { run, change } = await repository({ released: '0.1.0' });
    await change({
      schema: schema.replace(/, url: .*?\)\)/, ')').replace(/ old: .*?\)/, ''),
      version: '0.2.0',
      changelog: names('0.2.0', '`Query.old` and `Query.article(url:)` are gone.'),
    });
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
  });

  it('rejects a clone without the tag of the last release', async () => {
    const { run, change, git } = await repository({ released: '0.1.0' });
    await change({ version: '0.1.1', changelog: '## 0.1.1\n\n- More\n\n' });
    await git('tag', '--delete', 'v0.1.0');
    expect(await run()).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'schema:changes: CHANGELOG.md has the release 0.1.0, but git has no v0.1.0:schema.graphql: run git fetch origin tag v0.1.0\n',
    });
  });
});

// Private:

interface State {
  schema?: string;
  version?: string;
  /** The sections above that of the release. */
  changelog?: string;
}

async function repository({ released, ...first }: State & { released?: string }) {
  const folder = await temporaryFolder();
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) =>
    promisify(execFile)(
      'git',
      ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args],
      {
        cwd: folder,
        env,
      },
    );
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const change = async (state: State) => {
    if (state.schema) await write('schema.graphql', state.schema);
    if (state.version) await write('package.json', JSON.stringify({ version: state.version }));
    const older = released ? `## ${released}\n\n- Older\n` : '';
    await write('CHANGELOG.md', `# Changelog\n\n${state.changelog ?? ''}${older}`);
  };
  await git('init', '--quiet');
  await change({ schema, ...(released && { version: released }), ...first });
  if (released) {
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'Release');
    await git('tag', `v${released}`);
  }
  return {
    git,
    change,
    run: async () => {
      const ended = promisify(execFile)(process.execPath, [resolve('scripts/schemaChanges.mjs')], {
        cwd: folder,
        env,
      });
      return ended.then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        (error: unknown) => {
          const { code, stdout, stderr } = error as {
            code: number;
            stdout: string;
            stderr: string;
          };
          return { code, stdout, stderr };
        },
      );
    },
  };
}
