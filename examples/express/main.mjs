import { createApp } from './app.mjs';

const { PORT = '3001', TOKEN_SERVER = 'http://127.0.0.1:8480', PUBLIC_URL = 'http://127.0.0.1:3000/kakao', AUDIENCE = 'http://127.0.0.1:3001' } = process.env;

createApp({ server: `${TOKEN_SERVER}/kakao`, issuer: PUBLIC_URL, audience: AUDIENCE })
  .listen(Number(PORT), '127.0.0.1', () => console.log(`listening on ${PORT}`));
