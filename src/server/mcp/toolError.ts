/** A failed call of a tool. The message is the result that the agent reads: what is wrong, and what to do. */
export class ToolError extends Error {
  override name = 'ToolError';
}
