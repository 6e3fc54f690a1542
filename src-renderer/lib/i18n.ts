/** @file The words of the interface, from locales/en.json. */
import { createInstance, type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import en from "../locales/en.json";

/** Starts the translations. Synchronous: the words are part of the bundle. */
export function createI18n(): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return instance;
}
