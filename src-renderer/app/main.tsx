/** @file Starts the interface. */
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { defined } from "#shared/lib/assert";
import { connectEngine, connectShell } from "./connect";
import { Providers } from "./providers";
import { createAppRouter } from "./router";
import "../styles/app.css";

const root = defined(document.getElementById("root"), "index.html has a #root");

createRoot(root).render(
  <StrictMode>
    <Providers client={connectEngine()} shell={connectShell()}>
      <RouterProvider router={createAppRouter()} />
    </Providers>
  </StrictMode>,
);
