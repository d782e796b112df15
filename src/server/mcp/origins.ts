/**
 * Protection from DNS rebinding: a page of another site, whose name resolves to this server, must
 * not reach it through a visitor's browser.
 */
import { isIP } from 'node:net';

export interface OriginRules {
  /** Host names by which clients reach the server, besides `localhost` and addresses. */
  hosts: readonly string[];
  /** Origins whose pages may call it, besides its own; `*` for all. */
  origins: readonly string[];
}

/** Why a request is rejected by its headers `Host` and `Origin`; undefined if it is not. */
export function originFault(
  { hosts, origins }: OriginRules,
  { host, origin }: { host: string; origin: string | null },
): string | undefined {
  const name = nameOf(`http://${host}`);
  // No page of another site has an address, or localhost, as the host of its own origin.
  const isKnown = name !== undefined && (isAddress(name) || isLocal(name) || hosts.includes(name));
  if (!isKnown) {
    return `The host ${JSON.stringify(host)} is not one of this server. Set CHANCERY_MCP_HOSTS, or the option mcp.hosts, to the names by which clients reach it.`;
  }
  if (origin === null || origins.includes('*') || origins.includes(origin)) return undefined;
  if (URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host) {
    return undefined;
  }
  return `Pages of ${JSON.stringify(origin)} may not call this server: CHANCERY_CORS_ORIGINS, or the option mcp.origins, does not list that origin.`;
}

// Private:

const nameOf = (url: string): string | undefined =>
  URL.canParse(url) ? new URL(url).hostname : undefined;

const isAddress = (name: string): boolean => isIP(name.replace(/^\[|\]$/g, '')) !== 0;

const isLocal = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost');
