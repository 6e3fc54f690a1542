/** @file The bytes of a picture, asked for piece by piece: what a large file says about itself lies in a few kilobytes of it. */
import { open } from "node:fs/promises";
import { AppError, appError } from "#shared/domain/app-error";
import { readFailure } from "../library/asset-hash";

/** No piece is longer; what claims to be is damaged, or not worth the memory. */
export const maxPieceBytes = 16 << 20;

/** EXIF, IPTC and XMP of a file are taken apart value by value; more than this would take seconds, and only a hostile file has it. */
export const maxCarrierBytes = 2 << 20;

export interface ByteSource {
  readonly sizeBytes: number;
  /** The bytes from `offset` on, fewer at the end of the file and at most {@link maxPieceBytes}. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Gives `use` the bytes of a file, which is opened for reading only, or of a picture in memory. @throws image/unreadable */
export async function withBytes<Result>(source: string | Uint8Array, use: (bytes: ByteSource) => Promise<Result>): Promise<Result> {
  if (typeof source !== "string") return use(inMemory(source));
  try {
    const file = await open(source, "r");
    try {
      const { size } = await file.stat();
      return await use({
        sizeBytes: size,
        async read(offset, length) {
          const buffer = new Uint8Array(pieceLength(size, offset, length));
          const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
          return buffer.subarray(0, bytesRead);
        },
      });
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw appError("image/unreadable", `${source} cannot be read: ${readFailure(error)}.`, {
      hint: "Check that the file is still there and may be opened.",
      cause: error,
    });
  }
}

function inMemory(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + pieceLength(bytes.length, offset, length))),
  };
}

function pieceLength(size: number, offset: number, length: number): number {
  return Math.max(0, Math.min(length, maxPieceBytes, size - offset));
}

/** Big-endian numbers of a piece; 0 beyond its end. */
export function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}

/** As {@link uint16}, of four bytes. */
export function uint32(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at) * 65_536 + uint16(bytes, at + 2);
}

/** Four bytes as the letters they stand for. */
export function fourLetters(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
