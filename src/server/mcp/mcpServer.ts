/** The MCP server of one client: the tools, over the operations of that client. */
import { McpServer, type CallToolResult } from '@modelcontextprotocol/server';
import { version } from '../../version.js';
import { isRejection } from '../errors/rejection.js';
import type { MaskError } from '../errors/mask.js';
import { failure, type Reader } from './reader.js';
import { ToolError } from './toolError.js';
import type { Tool } from './tool.js';
import { tools } from './tools/all.js';

export interface McpServerOptions {
  /** Opens the reader of one call: the rights of the client are those of that moment. */
  open: (signal: AbortSignal) => Promise<Reader>;
  /** What clients may see of unexpected errors. */
  maskError: MaskError;
  /** Observes each call until it ends. */
  track?: (call: Promise<unknown>) => void;
}

export function createMcpServer({ open, maskError, track }: McpServerOptions): McpServer {
  const server = new McpServer({ name: 'chancery', version }, { instructions });
  const resultOf = async (
    tool: Tool,
    args: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<CallToolResult> => {
    try {
      return { content: [{ type: 'text', text: await tool.run(args, await open(signal)) }] };
    } catch (error) {
      return { content: [{ type: 'text', text: messageOf(error) }], isError: true };
    }
  };
  const messageOf = (error: unknown): string => {
    if (error instanceof ToolError) return error.message;
    return failure([isRejection(error) ? error : maskError(error)]).message;
  };
  for (const tool of tools) {
    const { name, title, description, input } = tool;
    server.registerTool(
      name,
      {
        ...{ title, description },
        inputSchema: input,
        annotations: { title, readOnlyHint: true, openWorldHint: false },
      },
      (args, context) => {
        const call = resultOf(tool, args, context.mcpReq.signal);
        track?.(call);
        return call;
      },
    );
  }
  return server;
}

// Private:

const instructions =
  'A knowledge base of public affairs: organizations, offices, posts, memberships, statements and events, each fact with the passages of articles that prove it. Find slugs with search, then call facts. Cite the passages; "none" means that a fact has no proof here.';
