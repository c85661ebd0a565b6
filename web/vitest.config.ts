// Apart from the build's configuration, which is read where the tools for tests are not installed.
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { environment: 'node', include: ['src/**/*.test.ts'] } });
