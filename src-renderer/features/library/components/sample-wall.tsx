/** @file A calm wall of the app's own sample pictures, for the welcome. */
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { justifiedRows, tileBoxes } from "../../../lib/justified-rows";
import { useElementSize } from "../../../lib/use-element-size";

const pictures = Object.entries(
  import.meta.glob<string>("../../../assets/wall/*.webp", { eager: true, query: "?url", import: "default" }),
).map(([path, url]) => ({
  url,
  // The name ends in its shape, e.g. "cat-ink.640x512.webp".
  aspect: aspectOf(path),
}));

function aspectOf(path: string): number {
  const [, width, height] = /\.(\d+)x(\d+)\.webp$/.exec(path) ?? [];
  return Number(width ?? 1) / Number(height ?? 1);
}

const gap = 8;

/** Fills the right part of the welcome; the pictures repeat when the window is tall. */
export function SampleWall(): ReactNode {
  const { t } = useTranslation();
  const [ref, size] = useElementSize<HTMLDivElement>();
  const layout = useMemo(() => {
    const width = size.width - 2 * gap;
    const options = {
      count: pictures.length * 3,
      aspectOf: (index: number) => pictures[index % pictures.length]?.aspect ?? 1,
      width,
      targetHeight: width / 4.4,
      gap,
    };
    return justifiedRows(options)
      .filter((row) => row.isFilled && row.top < size.height)
      .map((row) => ({ row, boxes: tileBoxes(row, options) }));
  }, [size]);
  return (
    <section ref={ref} aria-label={t("firstRun.wall")} className="relative overflow-hidden bg-canvas max-[767px]:hidden">
      {layout.flatMap(({ row, boxes }) =>
        boxes.map((box) => (
          <img
            key={box.index}
            src={pictures[box.index % pictures.length]?.url}
            alt=""
            draggable={false}
            className="absolute object-cover"
            style={{ left: gap + box.left, top: gap + row.top, width: box.width, height: row.height }}
          />
        )),
      )}
    </section>
  );
}
