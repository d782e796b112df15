/** Settings of metrics and of persisted operations. */
import { z } from 'zod';
import { onOrOff, type Setting } from './setting.js';

export const watchingSettings = {
  CHANCERY_METRICS: {
    description: 'Whether /metrics serves metrics for Prometheus; see docs/watching.md.',
    expected: 'on or off',
    default: 'on',
    schema: onOrOff,
  },
  CHANCERY_METRICS_TOKEN: {
    description:
      'Token required to read the metrics, sent as "Authorization: Bearer …". Default: none is required.',
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
      'File of persisted operations, which clients may send by id; see docs/security.md for its formats.',
    expected: 'the path of a file',
    default: '',
    schema: z.string().min(1).optional(),
  },
  CHANCERY_PERSISTED_ONLY: {
    description: 'Whether only the operations of CHANCERY_PERSISTED_OPERATIONS are allowed.',
    expected: 'on or off',
    default: 'off',
    schema: onOrOff,
  },
  CHANCERY_APQ: {
    description:
      "Whether clients may register queries by their hashes and then send the hashes (Apollo's automatic persisted queries). Has no effect with CHANCERY_PERSISTED_ONLY.",
    expected: 'on or off',
    default: 'on',
    schema: onOrOff,
  },
} as const satisfies Record<string, Setting>;
