import { expect, it } from 'vitest';
import { binariesOf } from '../support/postgresBinaries.js';
import { measureRestarts } from './restarts.js';

const binaries = binariesOf('18');

it.skipIf(!binaries)(
  'PostgreSQL is killed and restarted under load: no acknowledged change is lost, every failure is clear',
  async () => {
    const { answered, rejected, acknowledged, back, longest, ...faults } = await measureRestarts(
      binaries ?? '',
      3,
      { readers: 6, writers: 2 },
    );
    expect(faults).toEqual({ restarts: 3, unclear: [], lost: 0, half: 0, double: 0 });
    expect(acknowledged).toBeGreaterThan(0);
    expect(rejected).toBeGreaterThan(0);
    expect(answered).toBeGreaterThan(rejected);
    // How long it takes is measured by `npm run restarts`: here it is that nothing takes for ever.
    expect(Math.max(...back)).toBeLessThan(15_000);
    expect(longest).toBeLessThan(20_000);
  },
);
