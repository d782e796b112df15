// Exits with 0 if the server of this container is ready.
const port = process.env.PORT ?? '4000';
const { ok } = await fetch(`http://127.0.0.1:${port}/ready`).catch(() => ({ ok: false }));
process.exitCode = ok ? 0 : 1;
