/** How the pages are built: one entry a page, named by the manifest that Django reads. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  base: '/static/',
  build: {
    outDir: 'dist',
    manifest: 'manifest.json',
    target: 'es2023',
    // Nothing as data: URLs; hashed files are cached for good.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: [
        'src/pages/live.ts',
        'src/pages/login.ts',
        'src/pages/bench.ts',
        'src/pages/lab.ts',
        'src/pages/ops.ts',
        'src/pages/refusals.ts',
        'src/pages/share.ts',
        'src/pages/shares.ts',
        'src/pages/drive.ts',
        'src/pages/vehicle.ts',
        'src/drive/worker.ts',
        'src/pages/history.ts',
        'src/pages/visits.ts',
        'src/pages/audit.ts',
        'src/pages/rules.ts',
      ],
    },
  },
  worker: { format: 'es' },
  test: { include: ['tests/**/*.test.ts', 'src/**/*.test.ts'], setupFiles: ['tests/english.ts'] },
});
