import type { z } from 'zod';
import type { Reader } from './reader.js';

/** A tool that agents call. All of them only read. */
export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  /** What agents see in the list of tools; each word takes a part of their context. */
  description: string;
  input: Input;
  /**
   * @returns the text of the result
   * @throws ToolError for what the agent can correct
   */
  run(args: z.output<Input>, reader: Reader): Promise<string>;
}

/** Infers the arguments of a tool from its input. */
export const defineTool = <Input extends z.ZodObject>(tool: Tool<Input>): Tool => tool;
