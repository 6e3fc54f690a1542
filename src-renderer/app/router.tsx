/** @file The workspaces and their addresses. The hash keeps them on any host; search parameters are plain text. */
import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { AppFrame } from "./app-frame";
import { RouteError } from "./error-boundary";
import { CompareRoute, compareSearchSchema } from "../routes/compare";
import { ConsistencyRoute, consistencySearchSchema } from "../routes/consistency";
import { DuplicatesRoute, duplicatesSearchSchema } from "../routes/duplicates";
import { FindRoute, findSearchSchema } from "../routes/find";
import { LibraryRoute, librarySearchSchema } from "../routes/library";
import { TrustRoute, trustSearchSchema } from "../routes/trust";

const rootRoute = createRootRoute({ component: AppFrame, errorComponent: RouteError, notFoundComponent: () => null });

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/library", search: {} });
  },
});
const libraryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/library",
  component: LibraryRoute,
  validateSearch: librarySearchSchema,
});
const findRoute = createRoute({ getParentRoute: () => rootRoute, path: "/find", component: FindRoute, validateSearch: findSearchSchema });
const consistencyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/consistency",
  component: ConsistencyRoute,
  validateSearch: consistencySearchSchema,
});
const compareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/compare",
  component: CompareRoute,
  validateSearch: compareSearchSchema,
});

const trustRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/trust",
  component: TrustRoute,
  validateSearch: trustSearchSchema,
});

const duplicatesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/duplicates",
  component: DuplicatesRoute,
  validateSearch: duplicatesSearchSchema,
});

/** Plain text, but for what reads as a switch or a number. An id made of digits alone is too long to be taken for one. */
function parseSearch(search: string): Record<string, unknown> {
  const parameters = [...new URLSearchParams(search)];
  return Object.fromEntries(
    parameters.map(([name, text]) => [
      name,
      /^(true|false|-?\d{0,9}\.?\d{1,9})$/.test(text) ? JSON.parse(text.replace(/^(-?)\./, "$10.")) : text,
    ]),
  );
}

function stringifySearch(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))
    .toString()
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",");
  return text === "" ? "" : `?${text}`;
}

/** Makes the app's router over the hash of the address. */
export function createAppRouter() {
  return createRouter({
    routeTree: rootRoute.addChildren([indexRoute, libraryRoute, findRoute, consistencyRoute, compareRoute, trustRoute, duplicatesRoute]),
    history: createHashHistory(),
    parseSearch,
    stringifySearch,
    defaultErrorComponent: RouteError,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
