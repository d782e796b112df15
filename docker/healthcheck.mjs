// Exits with 0 if the server of this container is ready.
import { get } from 'node:http';

get(`http://127.0.0.1:${process.env.PORT ?? '4000'}/ready`, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
).on('error', () => process.exit(1));
