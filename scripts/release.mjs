/**
 * Releases the version that package.json names: checks, packs, publishes to npm and tags.
 *
 *     npm run release -- --dry-run                  checks and packs, publishes and tags nothing
 *     npm run release -- --dry-run --skip-checks    leaves out types, lint, tests and installation
 *     npm run release
 *
 * All conditions are checked before anything is built, and every unmet one is reported.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** The npm scripts that have to pass. */
const checks = ['schema:changes', 'check', 'test:ci', 'licences', 'check:install'];
/** What the tarball holds beside the migrations, the sample and the build. */
const otherFiles = [
  '.env.example',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'package.json',
  'schema.graphql',
];

const { dryRun, skipChecks } = readOptions();
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const tag = `v${version}`;
/** npm installs the tag "latest" where no version is named; a pre-release must not be that. */
const npmTag = /^\d+\.\d+\.\d+$/.test(version) ? 'latest' : 'next';

stopAt([...unmetInRepository(), ...(dryRun ? [] : unmetForPublishing())]);
if (!skipChecks) {
  for (const check of checks) {
    if (!shown('npm', 'run', check)) stopAt([`npm run ${check} fails`]);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'chancery-release-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const tarball = pack();
const notes = changelogSection().text;
if (dryRun) {
  console.log(`\nA release would publish ${name}@${version} to npm as "${npmTag}"`);
  console.log(
    `and tag ${read('git', 'rev-parse', '--short', 'HEAD')} as ${tag}, with the notes:\n`,
  );
  console.log(notes);
} else {
  publish();
}

// Private:

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { 'dry-run': { type: 'boolean' }, 'skip-checks': { type: 'boolean' } },
    });
    if (values['skip-checks'] && !values['dry-run']) {
      stopAt(['--skip-checks is for --dry-run only: a release is always checked']);
    }
    return { dryRun: values['dry-run'], skipChecks: values['skip-checks'] };
  } catch (error) {
    return stopAt([error.message]);
  }
}

/** What has to hold here before a release, whether or not it is published. */
function unmetInRepository() {
  const semver = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
  const branch = read('git', 'branch', '--show-current');
  const changed = read('git', 'status', '--porcelain');
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const { title, text } = changelogSection();
  return [
    !semver.test(version) && `package.json has the version "${version}", which is not semantic`,
    (lock.version !== version || lock.packages?.['']?.version !== version) &&
      `package-lock.json has the version ${lock.version}, package.json ${version}: run npm install`,
    title !== version &&
      `the first section of CHANGELOG.md is "${title}"; it must be "${version}", the version of package.json`,
    !text && 'the first section of CHANGELOG.md is empty',
    branch !== 'main' && `the branch is "${branch}"; releases are made from main`,
    changed && `the working tree has changes; commit or stash them:\n${changed}`,
    read('git', 'tag', '--list', tag) && `the tag ${tag} exists already`,
  ].filter(Boolean);
}

/** What has to hold at the remote repository and at npm. */
function unmetForPublishing() {
  const unmet = [];
  const head = read('git', 'rev-parse', 'HEAD');
  const remote = tried('git', 'ls-remote', 'origin', 'refs/heads/main', `refs/tags/${tag}`);
  if (remote.status !== 0) {
    unmet.push(`git cannot read the remote "origin": ${remote.stderr.trim()}`);
  } else {
    const refs = new Map(remote.stdout.split('\n').map((line) => line.split('\t').reverse()));
    if (refs.get('refs/heads/main') !== head) unmet.push('main differs from main of origin');
    if (refs.has(`refs/tags/${tag}`)) unmet.push(`the tag ${tag} exists at origin already`);
  }
  if (tried('npm', 'whoami').status !== 0) unmet.push('npm is not logged in: run npm login');
  const published = tried('npm', 'view', `${name}@${version}`, 'version', '--json');
  if (published.status !== 0 && !published.stdout.includes('E404')) {
    unmet.push(`npm cannot tell whether ${name}@${version} exists: ${published.stderr.trim()}`);
  } else if (published.status === 0 && published.stdout.trim()) {
    unmet.push(`${name}@${version} is published already`);
  }
  return unmet;
}

/** The title and the text of the topmost section. */
function changelogSection() {
  const [, title = '', text = ''] =
    /^## (.*)\n([^]*?)(?=^## |(?![^]))/m.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? [];
  return { title: title.trim(), text: text.trim() };
}

/** Packs a new build and checks what is in it. @returns the tarball's path */
function pack() {
  // Of a file that was deleted or renamed, the compiler leaves the output.
  rmSync('dist', { recursive: true, force: true });
  const packed = tried('npm', 'pack', '--json', '--pack-destination', folder);
  if (packed.status !== 0) stopAt([`npm pack fails:\n${packed.stdout}${packed.stderr}`]);
  // Scripts such as "prepare" may print before npm's own output.
  const [{ filename, files, size }] = JSON.parse(/^\[\n[^]*/m.exec(packed.stdout)[0]);
  const actual = files.map(({ path }) => path);
  const expected = expectedFiles();
  stopAt([
    ...expected.filter((path) => !actual.includes(path)).map((path) => `${path} is not packed`),
    ...actual
      .filter((path) => !expected.includes(path))
      .map((path) => `${path} is packed, and must not be`),
  ]);
  console.log(`${filename}: ${actual.length} files, ${Math.round(size / 1024)} kB, as expected`);
  return join(folder, filename);
}

/** By the tracked files: for each source its code, types and source map. */
function expectedFiles() {
  const tracked = read('git', 'ls-files', '-z', 'src', 'drizzle', 'sample').split('\0');
  return otherFiles.concat(
    tracked.flatMap((path) => {
      const source = /^src\/(.*)\.ts$/.exec(path)?.[1];
      if (source) return ['.js', '.js.map', '.d.ts'].map((end) => `dist/${source}${end}`);
      return /^sample\/|^drizzle\/.*\.sql$/.test(path) ? [path] : [];
    }),
  );
}

/** The tag is pushed last: once a version is on npm it cannot be taken back. */
function publish() {
  execFileSync('git', [
    'tag',
    '--annotate',
    tag,
    '--cleanup=verbatim',
    '--message',
    `${tag}\n\n${notes}`,
  ]);
  if (!shown('npm', 'publish', tarball, '--access', 'public', '--tag', npmTag)) {
    execFileSync('git', ['tag', '--delete', tag], { stdio: 'ignore' });
    stopAt(['npm publish fails; nothing is published, and the tag is removed']);
  }
  if (!shown('git', 'push', 'origin', tag)) {
    stopAt([
      `${name}@${version} is published, but the tag could not be pushed: run git push origin ${tag}`,
    ]);
  }
  console.log(`\nReleased ${name}@${version}, tagged ${tag}`);
}

function read(program, ...args) {
  const { status, stdout, stderr } = tried(program, ...args);
  if (status !== 0) stopAt([`${program} ${args.join(' ')} fails: ${stderr.trim()}`]);
  return stdout.trimEnd();
}

function tried(program, ...args) {
  return spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
}

/** Runs a program with its output on the terminal. @returns whether it succeeded */
function shown(program, ...args) {
  return spawnSync(program, args, { stdio: 'inherit' }).status === 0;
}

/** Ends with what is wrong, if anything is. */
function stopAt(problems) {
  if (problems.length === 0) return;
  for (const problem of problems) console.error(`release: ${problem}`);
  process.exit(1);
}
