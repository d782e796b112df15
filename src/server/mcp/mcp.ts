/** The tools for agents (Model Context Protocol), over HTTP and over standard input and output. */
import type { McpContext, McpEndpointOptions, McpFetch } from './endpoint.js';
import type { StdioOptions } from './stdio.js';

export interface Mcp {
  /** Streamable HTTP, as a Fetch handler. */
  fetch(request: Request, context?: McpContext): Promise<Response>;
  /** Serves one client over standard input and output, until its input ends. */
  serveStdio(options: StdioOptions): Promise<void>;
}

/** The SDK is loaded with the first request: it takes time and memory, and many servers have no agents. */
export function createMcp(options: McpEndpointOptions): Mcp {
  let handler: Promise<McpFetch> | undefined;
  return {
    fetch: async (request, context) => {
      handler ??= import('./endpoint.js').then(({ createMcpEndpoint }) =>
        createMcpEndpoint(options),
      );
      return (await handler)(request, context);
    },
    serveStdio: async (stdio) => {
      const { serveMcpOverStdio } = await import('./stdio.js');
      await serveMcpOverStdio(options, stdio);
    },
  };
}
