// Serves the built Next.js app around it, and prints where it listens.
import { createServer } from 'node:http';
import next from 'next';

const app = next({ dev: false, dir: import.meta.dirname });
await app.prepare();
const server = createServer(app.getRequestHandler()).listen(0, '127.0.0.1', () => console.log(`listening on 127.0.0.1:${server.address().port}`));
