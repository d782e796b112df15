import { describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graph/schema.js';
import { fuzz } from '../fuzz/campaign.js';
import { startSubject } from '../fuzz/subject.js';
import { temporaryFolder } from '../support/temporary.js';

describe('random requests', () => {
  it('do no harm, valid or broken (npm run fuzz sends more of them)', async () => {
    const subject = await startSubject({ CHANCERY_DATA_DIR: await temporaryFolder() });
    try {
      const plan = { seed: 7, count: 300, warmUp: 0 };
      const { answers, failures } = await fuzz(createSchema(), subject, plan);
      expect(failures).toEqual([]);
      const total = [...answers.values()].reduce((sum, count) => sum + count, 0);
      expect(total).toBe(600);
      expect(answers.get('valid 200')).toBeGreaterThan(50);
    } finally {
      await subject.stop();
    }
  });
});
