// Nitro as Nuxt has it for its server: the same folders, in server/.
export default { srcDir: 'server', preset: 'node-listener', compatibilityDate: '2026-11-01', logLevel: 1 };
