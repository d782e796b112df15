import { createChancery } from 'chancery';
import { createApp } from './app.ts';

const chancery = await createChancery({ database: { dataDir: '.chancery' }, sample: true });
const app = createApp(chancery);
app.server.on('upgrade', chancery.upgrade);
console.log(await app.listen({ port: 3000 }));
process.on('SIGTERM', () => void app.close().then(() => chancery.close()));
