import { serve } from '@hono/node-server';
import { createChancery } from 'chancery';
import { createApp } from './app.ts';

const chancery = await createChancery({ database: { dataDir: '.chancery' }, sample: true });
const server = serve({ fetch: createApp(chancery).fetch, port: 3000 }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
process.on('SIGTERM', () => server.close(() => void chancery.close()));
