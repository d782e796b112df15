import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graph/schema.js';
import { assault, attacks, type Report } from '../fuzz/attacks/attacks.js';
import { smallScale } from '../fuzz/attacks/base.js';
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

  it('of one client that attacks end no server and keep no other client waiting for ever', async () => {
    const folder = await temporaryFolder();
    const env = { CHANCERY_DATA_DIR: join(folder, 'data') };
    const reports: Report[] = [];
    // Large batches hold the one connection of the embedded database, as long as a busy machine takes.
    const chosen = attacks.filter(({ name }) => name !== 'A9');
    for await (const report of assault(chosen, {
      env,
      folder,
      scale: smallScale,
      judges: false,
    })) {
      reports.push(report);
    }
    expect(reports.map(({ attack }) => attack.name)).toEqual(chosen.map(({ name }) => name));
    for (const { attack, answers, others, failures } of reports) {
      expect(failures, attack.what).toEqual([]);
      expect(answers.size, attack.what).toBeGreaterThan(0);
      expect([...others.keys()].sort(), attack.what).toEqual(['health 200', 'query 200']);
    }
  });
});
