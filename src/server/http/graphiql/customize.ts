/**
 * Extends Yoga's page of GraphiQL: a menu of examples, links with variables, a title with the
 * operation's name, and a layout for narrow screens.
 */
import type { Example } from './examples.js';

/** @throws Error if Yoga's page is of an unexpected version */
export function customize(html: string, examples: readonly Example[]): string {
  const parts = [
    ['<head>', `<head>\n<meta name="viewport" content="width=device-width, initial-scale=1" />`],
    ['</head>', `<style>${styles}</style>\n<script>${script}</script>\n</head>`],
    ['<div id="root"></div>', `${menuOf(examples)}<div id="root"></div>`],
    ['YogaGraphiQL.renderYogaGraphiQL(\n', 'renderWithLinks(\n'],
  ] as const;
  return parts.reduce((page, [place, replacement]) => {
    // The bundle may contain the same text; the page's own is the first or, for its call, the last.
    const at = place.startsWith('Yoga') ? page.lastIndexOf(place) : page.indexOf(place);
    if (at < 0) throw new Error(`the page of GraphiQL has no ${place.trim()}`);
    return page.slice(0, at) + replacement + page.slice(at + place.length);
  }, html);
}

// Private:

const menuOf = (examples: readonly Example[]): string => `
<details id="examples">
  <summary>Examples</summary>
  <ul>
    ${examples
      .map((example) => `<li><a href="?${linkTo(example)}">${escaped(titleOf(example))}</a></li>`)
      .join('\n    ')}
  </ul>
</details>
`;

const linkTo = ({ query, variables }: Example): string =>
  escaped(String(new URLSearchParams({ query, ...(variables && { variables }) })));

/** The title of an example: the comment at its beginning. */
const titleOf = ({ query }: Example): string =>
  query
    .split('\n')
    .filter((line, i, lines) => lines.slice(0, i + 1).every((each) => each.startsWith('# ')))
    .map((line) => line.slice(2))
    .join(' ')
    .split(/(?<=[.:]) |: /)[0]
    ?.replace(/[.:]$/, '') ?? '';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** Runs in the browser. Yoga's own code reads the query of a URL, but not its variables. */
const script = `
function renderWithLinks(root, options) {
  const at = () => new URL(location.href);
  const entitle = (name) => {
    document.title = (name && !name.startsWith('<') ? name + ' · ' : '') + options.title;
  };
  const nameIn = (query) => /^\\s*(?:query|mutation|subscription)\\s+(\\w+)/m.exec(query || '')?.[1];
  const set = (name, value) => {
    const url = at();
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
    history.replaceState({}, '', url);
  };
  const linked = at().searchParams.get('query');
  let variables = at().searchParams.get('variables') ?? undefined;
  const others = options.defaultTabs.filter(({ query }) => query !== linked);
  const defaultTabs = linked
    ? [{ query: linked, variables }, ...others.slice(0, options.defaultTabs.length - 1)]
    : others;
  entitle(nameIn(defaultTabs[0].query));
  YogaGraphiQL.renderYogaGraphiQL(root, {
    ...options,
    defaultTabs,
    variables,
    onEditQuery: (query) => {
      entitle(nameIn(query));
      set('variables', variables);
    },
    onEditVariables: (text) => {
      variables = text;
      set('variables', text);
    },
    onTabChange: ({ tabs, activeTabIndex }) => {
      const tab = tabs[activeTabIndex];
      variables = tab?.variables ?? undefined;
      entitle(tab?.title);
      set('query', tab?.query);
      set('variables', variables);
    },
  });
}
`;

const styles = `
#examples { position: fixed; top: 27px; right: 150px; z-index: 10; font: 15px system-ui, sans-serif; }
#examples summary { cursor: pointer; padding: 2px 10px; border-radius: 4px; color: hsl(219 28% 32%); }
#examples ul {
  position: absolute; right: 0; margin: 4px 0 0; padding: 6px 0; width: min(340px, 92vw); max-height: 80vh; overflow: auto;
  list-style: none; background: #fff; border: 1px solid #d5d9e2; border-radius: 8px; box-shadow: 0 6px 20px #0003;
}
#examples a { display: block; padding: 7px 14px; color: #1f2a44; text-decoration: none; }
#examples a:hover, #examples a:focus-visible { background: #eef1f7; }
@media (max-width: 700px) {
  #root { height: calc(100dvh - 40px); margin-top: 40px; }
  #root .graphiql-container { height: 100%; }
  #examples { top: 8px; right: 8px; }
  #root .graphiql-logo { display: none; }
  #root .graphiql-sidebar { width: 48px; padding: 6px 2px; }
  #root .graphiql-sessions { margin: 6px 6px 6px 0; }
  #root .graphiql-session-header + div { flex-direction: column; overflow-y: auto; gap: 10px; }
  #root .graphiql-editors, #root .graphiql-response { flex: none !important; width: 100%; min-width: 0; }
  #root .graphiql-editors { height: 75%; }
  #root .graphiql-response { height: 85%; }
  #root .graphiql-horizontal-drag-bar { display: none; }
}
@media (prefers-color-scheme: dark) {
  #examples summary { color: #c7cede; }
  #examples ul { background: #212a3b; border-color: #3a4459; }
  #examples a { color: #e4e9f3; }
  #examples a:hover, #examples a:focus-visible { background: #2d3850; }
}
`;
