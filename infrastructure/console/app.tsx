import { Component, lazy, type ReactNode, Suspense } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { Overview } from "./overview/overview.tsx";
import { Notice, Problem, Skeleton } from "./parts/states.tsx";
import { Shell } from "./shell/shell.tsx";

const Calls = lazy(() => import("./calls/calls.tsx"));
const CallView = lazy(() => import("./call/call-view.tsx"));
const Search = lazy(() => import("./search/search.tsx"));
const Ask = lazy(() => import("./ask/ask.tsx"));
const ArchiveView = lazy(() => import("./archive/archive-view.tsx"));

/** The console: the shell and the view that the address names. */
export function App() {
  const [path] = useLocation();
  return (
    <Shell>
      <Fence path={path}>
        <Suspense fallback={<Skeleton />}>
          <Switch>
            <Route path="/" component={Overview} />
            <Route path="/calls" component={Calls} />
            <Route path="/calls/:id">{({ id }) => <CallView key={id} id={id} />}</Route>
            <Route path="/search" component={Search} />
            <Route path="/ask/:name?">{({ name }) => <Ask name={name} />}</Route>
            <Route path="/archive" component={ArchiveView} />
            <Route>
              <Notice icon="unsure" title="There is no such view">
                <p>
                  The address may be incomplete.{" "}
                  <Link className="link" href="/">
                    Open the overview
                  </Link>
                </p>
              </Notice>
            </Route>
          </Switch>
        </Suspense>
      </Fence>
    </Shell>
  );
}

/** Shows an error of the view in its place, so that the rest of the page stays usable. */
class Fence extends Component<{ readonly path: string; readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  /** Another address may work. */
  override componentDidUpdate({ path }: { readonly path: string }) {
    if (path !== this.props.path && this.state.error !== undefined) this.setState({ error: undefined });
  }

  override render() {
    const { error } = this.state;
    return error === undefined ? this.props.children : <Problem error={error} retry={() => location.reload()} />;
  }
}
