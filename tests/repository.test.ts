/** What the pages and the configuration of this repository name has to exist. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n');
const pages = tracked.filter((path) => path.endsWith('.md') && existsSync(path));
const scripts = Object.keys(
  (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }).scripts,
);

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8');

  it('links to pages and headings that exist', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    for (const link of links.filter((each) => !/^https?:/.test(each))) {
      const [file = '', anchor] = link.split('#');
      const target = file ? join(dirname(page), file) : page;
      expect(existsSync(target), link).toBe(true);
      if (anchor) expect(anchorsOf(target), link).toContain(anchor);
    }
  });

  it('names files of this repository that exist', () => {
    const paths = text.match(/\b(?:src|tests|docs|bench|scripts|examples)\/[\w./-]*\w/g) ?? [];
    const exists = (path: string) =>
      ['', '.ts', '.test.ts'].some((end) => existsSync(`${path}${end}`));
    expect(paths.filter((path) => !exists(path))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name);
    expect(scripts).toEqual(expect.arrayContaining(named));
  });
});

describe('continuous integration', () => {
  const workflow = readFileSync('.github/workflows/ci.yml', 'utf8');
  const { permissions, jobs } = parse(workflow) as {
    permissions: unknown;
    jobs: Record<string, { strategy: { matrix: { node: string[] } }; steps: { run?: string }[] }>;
  };

  it('runs on the oldest Node.js that package.json admits, and on later ones', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      engines: { node: string };
    };
    const [oldest, ...later] = jobs['check']?.strategy.matrix.node ?? [];
    expect(engines.node).toBe(`>=${oldest}`);
    expect(later).toEqual(['22', '24']);
    expect(jobs['check']?.steps.map(({ run }) => run)).toContain('.ci/run');
  });

  it('may only read, and runs actions of exactly one commit', () => {
    expect(permissions).toEqual({ contents: 'read' });
    const actions = [...workflow.matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(actions).not.toEqual([]);
    for (const action of actions) expect(action).toMatch(/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('has updates of each folder that has packages', () => {
    const { updates } = parse(readFileSync('.github/dependabot.yml', 'utf8')) as {
      updates: { 'package-ecosystem': string; directory: string }[];
    };
    const folders = tracked
      .filter((path) => path.endsWith('package-lock.json'))
      .map((path) => join('/', dirname(path)));
    const npm = updates.filter((update) => update['package-ecosystem'] === 'npm');
    expect(npm.map(({ directory }) => directory).sort()).toEqual(folders.sort());
  });
});

// Private:

/** The anchors that GitHub gives to a page's headings. */
function anchorsOf(page: string): string[] {
  const headings = readFileSync(page, 'utf8').match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
