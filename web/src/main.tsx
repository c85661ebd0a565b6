import { StrictMode } from 'react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/client';
import { App } from './App';
import { SessionEnded } from './session/session';
import { applyTheme } from './ui/theme';
import './ui/tokens.css';
import './ui/base.css';

applyTheme();

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1000,
      // What the server refused it refuses again; what broke on the way may pass.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof SessionEnded) && !(error instanceof ApiError && error.status < 500),
    },
  },
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
