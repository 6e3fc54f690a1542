/** @file Dark, light, or as the system has it. */
import { Check, Moon, Sun, SunMoon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Theme, themes, usePreferences } from "../../../lib/preferences";
import { IconButton } from "../../../ui/icon-button";
import { Menu } from "../../../ui/menu";

const icons = { system: SunMoon, dark: Moon, light: Sun } as const;
export const themeLabelKeys = { system: "shell.themeSystem", dark: "shell.themeDark", light: "shell.themeLight" } as const satisfies Record<
  Theme,
  string
>;

/** A menu of the three themes. */
export function ThemeMenu(): ReactNode {
  const { t } = useTranslation();
  const theme = usePreferences((state) => state.theme);
  const setTheme = usePreferences((state) => state.setTheme);
  return (
    <Menu
      trigger={<IconButton icon={icons[theme]} label={t("shell.theme")} />}
      entries={themes.map((option) => ({
        id: option,
        label: t(themeLabelKeys[option]),
        ...(option === theme ? { icon: Check } : {}),
        onSelect: () => setTheme(option),
      }))}
    />
  );
}
