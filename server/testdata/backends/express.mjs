// An Express server that lets through whom the guide's code lets through; the code stands in front
// of this file, and in it. It prints where it listens.
import cors from 'cors';
import express from 'express';

const app = express();
// GUIDE
app.get('/orders', (request, response) => response.json(request.user));
const server = app.listen(0, '127.0.0.1', () => console.log(`listening on 127.0.0.1:${server.address().port}`));
