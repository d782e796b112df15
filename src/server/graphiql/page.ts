/**
 * The page of GraphiQL, rendered once, and what a browser lets it do: run the scripts that are
 * in it and no others, and talk to this server and no other.
 */
import { createHash } from 'node:crypto';
import type { GraphiQLOptions, Plugin } from 'graphql-yoga';

interface Page {
  html: string;
  policy: string;
}

export class GraphiqlPage {
  #page: Promise<Page> | undefined;

  /** The page is some megabytes of JavaScript, which only those servers read that a browser visits. */
  readonly render = async (options?: GraphiQLOptions): Promise<string> => {
    this.#page ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) => {
      const html = renderGraphiQL(options);
      return { html, policy: policyOf(html) };
    });
    return (await this.#page).html;
  };

  readonly plugin: Plugin = {
    onResponse: async ({ response }) => {
      if (!response.headers.get('content-type')?.startsWith('text/html')) return;
      const page = await this.#page;
      if (page) response.headers.set('content-security-policy', page.policy);
    },
  };
}

// Private:

function policyOf(html: string): string {
  const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    // The editor writes its styles itself, and runs its checks in workers of its own making.
    "style-src 'unsafe-inline'",
    'worker-src blob: data:',
    'font-src data:',
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
