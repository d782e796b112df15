import { createChancery } from 'chancery';
import { createApp, identify } from './app.ts';

const chancery = await createChancery({
  database: { dataDir: '.chancery' },
  sample: true,
  identify,
});
const server = createApp(chancery).listen(3000, () => console.log('http://localhost:3000'));
server.on('upgrade', chancery.upgrade);
process.on('SIGTERM', () => server.close(() => void chancery.close()));
