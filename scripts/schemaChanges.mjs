/**
 * Compares schema.graphql with that of the last release, and fails for a breaking change that the
 * version and CHANGELOG.md do not announce. docs/api-stability.md is the promise behind it.
 *
 *     npm run schema:changes
 *
 * The last release is, by CHANGELOG.md, the version of package.json if it is tagged, otherwise the
 * section that follows it. A clone without its tag fails, as there is nothing to compare with.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const sections = [
  ...readFileSync('CHANGELOG.md', 'utf8').matchAll(/^## (.*)\n([^]*?)(?=^## |$(?![^]))/gm),
];
const notes = sections[0]?.[2] ?? '';
const last = lastRelease();

if (last) compare(last);
else
  console.log(
    `schema.graphql is compared with nothing: CHANGELOG.md has no release before ${version}`,
  );

// Private:

function lastRelease() {
  const isRelease = (title) => /^\d+\.\d+\.\d+$/.test(title);
  if (isRelease(version) && released(version) !== undefined) return version;
  return sections
    .map(([, title]) => title.trim())
    .find((each) => isRelease(each) && each !== version);
}

/** The schema of a release; undefined where its tag is missing. */
function released(release) {
  const shown = spawnSync('git', ['show', `v${release}:schema.graphql`], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return shown.status === 0 ? shown.stdout : undefined;
}

function compare(release) {
  const text = released(release);
  if (text === undefined) {
    return fail([
      `CHANGELOG.md has the release ${release}, but git has no v${release}:schema.graphql: run git fetch origin tag v${release}`,
    ]);
  }
  const before = buildSchema(text);
  const after = buildSchema(readFileSync('schema.graphql', 'utf8'));
  const breaking = findBreakingChanges(before, after).map(({ description }) => description);
  const dangerous = findDangerousChanges(before, after).map(({ description }) => description);
  console.log(
    `schema.graphql of ${version} compared with that of v${release}: ${breaking.length} breaking, ${dangerous.length} dangerous changes`,
  );
  for (const change of dangerous) console.log(`dangerous: ${change}`);
  for (const change of breaking) console.log(`breaking: ${change}`);
  if (breaking.length === 0) return;
  const named = /^### Breaking changes\n([^]*?)(?=^### |$(?![^]))/m.exec(notes)?.[1] ?? '';
  fail([
    ...(raised(release)
      ? []
      : [`a breaking change needs ${raisedFrom(release)} or later, not ${version}`]),
    ...breaking
      .filter((change) => !named.includes(`\`${coordinate(change)}\``))
      .map(
        (change) =>
          `"### Breaking changes" in the section ${version} of CHANGELOG.md does not name \`${coordinate(change)}\`: ${change}`,
      ),
    ...breaking
      .filter((change) => isDeprecatable(change) && !wasDeprecated(before, coordinate(change)))
      .map((change) => `${change} It was not deprecated in ${release}.`),
  ]);
}

/** Until 1.0.0 the minor version says that something breaks, from then on the major version. */
function raised(release) {
  const [major, minor] = version.split(/[.-]/).map(Number);
  const [lastMajor, lastMinor] = release.split('.').map(Number);
  return major > lastMajor || (major === 0 && minor > lastMinor);
}

function raisedFrom(release) {
  const [major, minor] = release.split('.').map(Number);
  return major === 0 ? `the version 0.${minor + 1}.0` : `the version ${major + 1}.0.0`;
}

/** The schema coordinate that a change is about: `Article.title`, `OfficeKind.FIELD`, `Query.article(slug:)`. */
function coordinate(change) {
  const patterns = [
    [/^(\w+\.\w+) arg (\w+) /, '$1($2:)'],
    [/^A required arg (\w+) on directive (\w+) /, '@$2($1:)'],
    [/^A required arg (\w+) on (\w+\.\w+) /, '$2($1:)'],
    [/^A required field (\w+) on input type (\w+) /, '$2.$1'],
    [/^(\w+) was removed from enum type (\w+)\./, '$2.$1'],
    [/^\w+ was removed from (?:union type )?(\w+)\./, '$1'],
    [/^Repeatable flag was removed from (\w+)\./, '$1'],
    [/^Standard scalar (\w+) /, '$1'],
    [/^(\w+(?:\.\w+)?) /, '$1'],
  ];
  const [pattern, replacement] = patterns.find(([each]) => each.test(change));
  return pattern.exec(change)[0].replace(pattern, replacement);
}

/** Fields, arguments and values can be deprecated before they are removed; types cannot. */
function isDeprecatable(change) {
  return (
    / was removed\.$| was removed from enum type /.test(change) && /[.(]/.test(coordinate(change))
  );
}

function wasDeprecated(schema, coordinate) {
  const [, typeName, name, argument] = /^(\w+)\.(\w+)(?:\((\w+):\))?$/.exec(coordinate);
  const type = schema.getType(typeName);
  const member = type.getFields?.()[name] ?? type.getValue?.(name);
  const element = argument ? member.args.find((each) => each.name === argument) : member;
  return Boolean(element.deprecationReason);
}

/** Ends with what is wrong, if anything is. */
function fail(problems) {
  for (const problem of problems) console.error(`schema:changes: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}
