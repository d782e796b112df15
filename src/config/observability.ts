/** The settings of what is told of the server, and of operations that are listed beforehand. */
import { z } from 'zod';
import { onOrOff, type Setting } from './setting.js';

export const watchingSettings = {
  CHANCERY_METRICS: {
    description: 'Whether Prometheus gets metrics at /metrics; docs/watching.md tells which.',
    expected: 'on or off',
    default: 'on',
    schema: onOrOff,
  },
  CHANCERY_METRICS_TOKEN: {
    description:
      'What must be shown to read the metrics, as "Authorization: Bearer …"; without it, nothing.',
    expected: 'a text of 16 to 500 letters, digits and -._~+/=',
    default: '',
    schema: z
      .string()
      .regex(/^[\w.~+/=-]{16,500}$/)
      .optional(),
  },
} as const satisfies Record<string, Setting>;

export const persistedSettings = {
  CHANCERY_PERSISTED_OPERATIONS: {
    description:
      'A file that lists operations, which clients may then name by their ids instead of sending them; docs/security.md tells its forms.',
    expected: 'the path of a file',
    default: '',
    schema: z.string().min(1).optional(),
  },
  CHANCERY_PERSISTED_ONLY: {
    description: 'Whether only the operations of CHANCERY_PERSISTED_OPERATIONS are run.',
    expected: 'on or off',
    default: 'off',
    schema: onOrOff,
  },
  CHANCERY_APQ: {
    description:
      "Whether clients may register queries by their hashes and then send the hashes (Apollo's automatic persisted queries). Not where only listed operations are run.",
    expected: 'on or off',
    default: 'on',
    schema: onOrOff,
  },
} as const satisfies Record<string, Setting>;
