import { type ReactNode, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { Icon, type IconName } from "../parts/icon.tsx";
import { ARCHIVE_NAME } from "./archive-name.ts";
import { KeyList } from "./key-list.tsx";
import { rememberFirstKeys, useKeys } from "./keys.ts";
import { focusSearchField } from "./search-field.ts";
import { useTheme } from "./theme.ts";
import { Toast } from "./toast.tsx";

const VIEWS: readonly {
  readonly path: string;
  readonly name: string;
  readonly icon: IconName;
  readonly key: string;
}[] = [
  { path: "/", name: "Overview", icon: "overview", key: "o" },
  { path: "/calls", name: "Calls", icon: "calls", key: "c" },
  { path: "/search", name: "Search", icon: "search", key: "s" },
  { path: "/ask", name: "Ask", icon: "ask", key: "a" },
  { path: "/archive", name: "Archive", icon: "archive", key: "r" },
];

/** The bar at the top, the keys that work everywhere, and the view below. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [path, go] = useLocation();
  const [theme, toggleTheme] = useTheme();
  const [showsKeys, setShowsKeys] = useState(false);
  const current = VIEWS.find((view) => (view.path === "/" ? path === "/" : path.startsWith(view.path)));

  useEffect(rememberFirstKeys, []);
  useEffect(() => {
    document.title = `${current?.name ?? "Not found"} · Call archive`;
  }, [current]);
  useKeys({
    "/": () => (path === "/search" ? focusSearchField() : go("/search")),
    "?": () => setShowsKeys(true),
    ...Object.fromEntries(VIEWS.map((view) => [`g ${view.key}`, () => go(view.path)])),
  });

  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="top">
        <Link className="brand" href="/" aria-label="Call archive: overview">
          <Brand />
          <span>Call archive</span>
        </Link>
        <nav className="nav" aria-label="Views">
          {VIEWS.map((view) => (
            <Link key={view.path} href={view.path} aria-current={view === current ? "page" : undefined}>
              <Icon name={view.icon} />
              {view.name}
            </Link>
          ))}
        </nav>
        <Link className={`find ${path === "/search" ? "off" : ""}`} href="/search" aria-label="Search what was said">
          <Icon name="search" />
          <span>Search what was said</span>
          <kbd>/</kbd>
        </Link>
        <div className="src" title={ARCHIVE_NAME}>
          <Icon name="archive" />
          <span className="lbl">{ARCHIVE_NAME}</span>
        </div>
        <div className="tools">
          <button type="button" className="iconb" onClick={() => setShowsKeys(true)} aria-label="Keys" title="Keys (?)">
            <Icon name="help" />
          </button>
          <button
            type="button"
            className="iconb"
            onClick={toggleTheme}
            aria-label={theme === "dark" ? "Use the light theme" : "Use the dark theme"}
            title={theme === "dark" ? "Light theme" : "Dark theme"}
          >
            <Icon name={theme === "dark" ? "sun" : "moon"} />
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {showsKeys && <KeyList onClose={() => setShowsKeys(false)} />}
      <Toast />
    </>
  );
}

function Brand() {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M2 6.5v7M6 3v14M10 7.5v5M14 4.5v11M18 8v4" />
    </svg>
  );
}
