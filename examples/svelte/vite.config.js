import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The token server is below /kakao of the page's own origin, in development too.
const proxy = { '/kakao': process.env.TOKEN_SERVER ?? 'http://127.0.0.1:8480' };

export default defineConfig({ plugins: [svelte()], server: { proxy }, preview: { proxy } });
