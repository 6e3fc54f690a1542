/**
 * @file What a person said about a picture as an XMP packet, for a file beside the picture.
 *
 * Sources: Adobe, "XMP Specification" parts 1 and 2 (dc:subject, xmp:Rating, where -1 is rejected, xmpDM:pick); digiKam's namespace (PickLabel:
 * 0 none, 1 rejected, 3 accepted).
 */
import type { Annotation, Flag } from "#shared/domain/annotation";
import { escapeMarkup } from "#shared/lib/markup";

/** Who wrote a packet stands in its first element. */
const toolkit = "Semblance";

const pickLabels: Readonly<Record<Flag, { readonly digiKam: number; readonly adobe: number }>> = {
  rejected: { digiKam: 1, adobe: -1 },
  picked: { digiKam: 3, adobe: 1 },
};
const noLabel = { digiKam: 0, adobe: 0 };

/** The packet, the same for the same annotation. A rejected picture without stars is rated -1; stars are kept beside a rejection. */
export function xmpPacket({ tags, rating, flag }: Annotation): string {
  const stars = rating ?? (flag === "rejected" ? -1 : 0);
  const label = flag === null ? noLabel : pickLabels[flag];
  const subject = tags.map((tag) => `     <rdf:li>${escapeMarkup(tag)}</rdf:li>\n`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="${toolkit}">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:xmpDM="http://ns.adobe.com/xmp/1.0/DynamicMedia/"
    xmlns:digiKam="http://www.digikam.org/ns/1.0/"
    xmp:Rating="${stars}"
    xmpDM:pick="${label.adobe}"
    digiKam:PickLabel="${label.digiKam}">
   <dc:subject>
    <rdf:Bag>
${subject}    </rdf:Bag>
   </dc:subject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
`;
}

/** True for a packet of this program that no other has written again: those put their own name there. */
export function isOwnPacket(text: string): boolean {
  return new RegExp(`<x:xmpmeta\\b[^>]*\\bx:xmptk="${toolkit}"`).test(text);
}
