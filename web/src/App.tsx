import { lazy, Suspense, useEffect, useState, type ComponentType } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { Login } from './session/Login';
import { liveSession, SessionEnded } from './session/session';
import { useSession } from './session/useSession';
import { EmptyState } from './ui/EmptyState';
import { ErrorBox } from './ui/ErrorBox';
import { Layout } from './ui/Layout';
import { Page } from './ui/Page';
import { ScreenBoundary } from './ui/ScreenBoundary';
import { decodeSafely } from './ui/text';

/** Each screen is fetched when it is first shown. The first path that fits is taken. */
const screens: Array<[string, ComponentType<{ params: Record<string, string> }>]> = [
  ['/', lazy(() => import('./screens/home'))],
  ['/functions', lazy(() => import('./screens/functions'))],
  ['/functions/new', lazy(() => import('./screens/functions/NewFunction'))],
  ['/functions/:name', lazy(() => import('./screens/functions/FunctionPage'))],
  ['/invocations', lazy(() => import('./screens/invocations'))],
  ['/invocations/:id', lazy(() => import('./screens/invocations/InvocationPage'))],
  ['/events', lazy(() => import('./screens/events'))],
  ['/events/:id', lazy(() => import('./screens/events/EventPage'))],
  ['/queues', lazy(() => import('./screens/queues'))],
  ['/queues/:name', lazy(() => import('./screens/queues/QueuePage'))],
  ['/schedules', lazy(() => import('./screens/schedules'))],
  ['/schedules/:group/:name', lazy(() => import('./screens/schedules/SchedulePage'))],
  ['/machines', lazy(() => import('./screens/machines'))],
  ['/machines/new', lazy(() => import('./screens/designer'))],
  ['/machines/:name', lazy(() => import('./screens/machines/MachinePage'))],
  ['/machines/:name/edit', lazy(() => import('./screens/designer'))],
  ['/executions', lazy(() => import('./screens/executions'))],
  ['/executions/:machine/:name', lazy(() => import('./screens/executions/ExecutionPage'))],
  ['/objects', lazy(() => import('./screens/objects'))],
  ['/objects/:bucket', lazy(() => import('./screens/objects/BucketPage'))],
  ['/errors', lazy(() => import('./screens/errors'))],
  ['/errors/:id', lazy(() => import('./screens/errors/ErrorPage'))],
  ['/logs', lazy(() => import('./screens/logs'))],
  ['/traces', lazy(() => import('./screens/traces'))],
  ['/traces/:id', lazy(() => import('./screens/traces/TracePage'))],
  ['/explorer', lazy(() => import('./screens/metrics'))],
  ['/alerts', lazy(() => import('./screens/alerts'))],
  ['/alerts/:name', lazy(() => import('./screens/alerts/AlertPage'))],
  ['/nodes', lazy(() => import('./screens/nodes'))],
  ['/settings', lazy(() => import('./screens/settings'))],
];

export function App() {
  const session = useSession();
  const [location, navigate] = useLocation();
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    if (session || location === '/login') return;
    liveSession().catch((error: unknown) => {
      if (!(error instanceof SessionEnded)) {
        setFailure(error);
        return;
      }
      // Where the person wanted to go is where logging in leads.
      sessionStorage.setItem('lambent-return', location + window.location.search);
      navigate('/login', { replace: true });
    });
  }, [session, location, navigate]);

  if (location === '/login') return <Login />;
  if (failure)
    return (
      <main className="page">
        <ErrorBox error={failure} retry={() => window.location.reload()} />
      </main>
    );
  if (!session) return null;
  return (
    <Layout>
      <ScreenBoundary key={location}>
        <Suspense fallback={<div className="page" aria-busy="true" />}>
          <Switch>
            {screens.map(([path, Screen]) => (
              <Route key={path} path={path}>
                {(params) => <Screen params={decoded(params as Record<string, string>)} />}
              </Route>
            ))}
            <Route>
              <Page title="There is no such screen">
                <EmptyState icon="question" title="Nothing is at this address">
                  Look for it with the / key.
                </EmptyState>
              </Page>
            </Route>
          </Switch>
        </Suspense>
      </ScreenBoundary>
    </Layout>
  );
}

/** Names in addresses are percent-encoded; screens get them as they are. */
function decoded(params: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params)
      .filter(([name]) => Number.isNaN(Number(name)))
      .map(([name, value]) => [name, decodeSafely(value)]),
  );
}
