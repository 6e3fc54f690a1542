/** @file A picture: never rounded, never shadowed, flat grey until it is there. */
import { type CSSProperties, type ReactNode, useState } from "react";
import { cn } from "../lib/class-names";

export interface ArtworkProps {
  readonly src: string;
  readonly alt: string;
  /** How the picture fills its box; thumbnails fill it exactly because the box has their shape. */
  readonly fit?: "contain" | "cover" | "fill";
  readonly isDimmed?: boolean;
  readonly className?: string;
  readonly style?: CSSProperties;
}

/** An image over the flat grey of a tile that is not loaded; a failed one stays grey. */
export function Artwork({ src, alt, fit = "cover", isDimmed = false, className, style }: ArtworkProps): ReactNode {
  const [shown, setShown] = useState<string | null>(null);
  const objectFit = { contain: "object-contain", cover: "object-cover", fill: "object-fill" }[fit];
  return (
    <div className={cn("relative overflow-hidden", fit !== "contain" && "bg-raised", className)} style={style}>
      <img
        src={src}
        alt={alt}
        decoding="async"
        draggable={false}
        onLoad={() => setShown(src)}
        className={cn("absolute inset-0 size-full", objectFit, shown === src ? "" : "opacity-0", isDimmed && shown === src && "opacity-35")}
      />
    </div>
  );
}
