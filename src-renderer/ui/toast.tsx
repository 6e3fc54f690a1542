/** @file Short notices at the lower right: polite, with at most one thing to do (often Undo). */
import { Toast } from "@base-ui/react/toast";
import { CircleAlert, Info, X } from "lucide-react";
import type { ReactNode } from "react";
import type { AppErrorShape } from "#shared/domain/app-error";
import { buttonClass } from "./button";
import { Icon } from "./icon";
import { IconButton } from "./icon-button";

const manager = Toast.createToastManager();

export interface Notice {
  readonly title: string;
  readonly description?: string;
  /** A notice takes the place of the one before it of the same subject. */
  readonly subject?: string;
  /** One thing to do about it. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Says something for a few seconds. */
export function notify({ title, description, subject, action }: Notice): void {
  const id = manager.add({
    ...(subject === undefined ? {} : { id: subject }),
    title,
    type: "notice",
    timeout: action ? 10_000 : 5000,
    ...(description === undefined ? {} : { description }),
    ...(action
      ? {
          actionProps: {
            children: action.label,
            onClick: () => {
              action.run();
              manager.close(id);
            },
          },
        }
      : {}),
  });
}

/** Says what went wrong and stays until it is dismissed. */
export function notifyError(error: AppErrorShape): void {
  manager.add({
    title: error.message,
    type: "error",
    priority: "high",
    timeout: 0,
    ...(error.hint === undefined ? {} : { description: error.hint }),
  });
}

/** Mount once, around the app. */
export function ToastProvider({ children, closeLabel }: { readonly children: ReactNode; readonly closeLabel: string }): ReactNode {
  return (
    <Toast.Provider toastManager={manager}>
      {children}
      <Toast.Portal>
        {/* Above the query tray of the Library, whose button is the next thing to press. */}
        <Toast.Viewport className="fixed right-4 bottom-26 z-(--z-toast) flex w-[400px] max-w-[calc(100vw-32px)] flex-col gap-2">
          <ToastList closeLabel={closeLabel} />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList({ closeLabel }: { readonly closeLabel: string }): ReactNode {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="rounded-lg bg-overlay p-3 shadow-3 transition-opacity duration-(--dur-2) data-ending-style:opacity-0 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-start gap-3">
        <Icon
          icon={toast.type === "error" ? CircleAlert : Info}
          className={toast.type === "error" ? "mt-px text-danger" : "mt-px text-fg-3"}
        />
        <div className="min-w-0 flex-1 select-text">
          <Toast.Title className="text-xs font-medium text-fg-1" />
          <Toast.Description className="text-2xs text-fg-2" />
        </div>
        <Toast.Action className={buttonClass("plain", "sm")} />
        <Toast.Close render={<IconButton icon={X} label={closeLabel} />} />
      </Toast.Content>
    </Toast.Root>
  ));
}
