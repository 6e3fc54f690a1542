/** @file Text from outside as it may stand in XML and HTML. */

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** Text for the inside of an element, or of an attribute in quotes. What XML 1.0 has no way to write becomes U+FFFD. */
export function escapeMarkup(text: string): string {
  const writable = text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
  return writable.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
