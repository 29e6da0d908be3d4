// An Express server that takes notifications as the guide's code does, which stands in front of this file, and in it.
// It prints where it listens.
import express from 'express';

const app = express();
// GUIDE
app.use(express.json());
const server = app.listen(0, '127.0.0.1', () => console.log(`listening on 127.0.0.1:${server.address().port}`));
