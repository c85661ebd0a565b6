import { defineConfig } from 'vite';

export default defineConfig({
  base: '/',
  esbuild: { jsx: 'automatic' },
  build: {
    target: 'es2022',
    outDir: 'dist',
    // Nothing inline: the content security policy allows no inline script and no data: font.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      // Marks for frameworks with a server part, of which this is none.
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  server: {
    // `npm run dev` beside a running server: its API and its sessions are its own.
    proxy: { '^/(v1|2[0-9]{3}-|schedules|schedule-groups|tags|fn|healthz)': 'http://127.0.0.1:9550' },
  },
});
