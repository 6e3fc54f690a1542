/** @file Denies every web permission (camera, location, notifications, ...): the interface needs none. */
import type { Session } from "electron";

/** Writing to the clipboard is the one exception: copying a picture or a path. */
const allowed = new Set(["clipboard-sanitized-write"]);

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback) => callback(allowed.has(permission)));
  session.setPermissionCheckHandler((_contents, permission) => allowed.has(permission));
}
