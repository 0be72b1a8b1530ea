/** The client for other pages, docs/browser-client.md: one file under a name that stays. */
import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2023',
    lib: { entry: 'src/client.ts', formats: ['es'], fileName: () => 'fleet-live.js' },
  },
});
