// Serves what Nitro has built, and prints where it listens.
import { createServer } from 'node:http';
import { listener } from './.output/server/index.mjs';

const server = createServer(listener).listen(0, '127.0.0.1', () => console.log(`listening on 127.0.0.1:${server.address().port}`));
