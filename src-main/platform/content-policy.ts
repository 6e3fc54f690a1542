/** @file The content security policy of the interface, the same in the window and in the browser: nothing but its own origin. */

/** `blob:` serves previews and exports made in the page; inline styles are what positioned popups and virtual rows set. */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
