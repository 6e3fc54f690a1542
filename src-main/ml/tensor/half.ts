/** @file float16 to and from float32, rounding half to even, and bfloat16 to float32; half precision is raw bits everywhere. */

const float32 = new Float32Array(1);
const bits32 = new Uint32Array(float32.buffer);

/** All 65 536 float16 values, so that widening is one look-up. */
let halfTable: Float32Array | null = null;

function buildHalfTable(): Float32Array {
  return Float32Array.from({ length: 65_536 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const mantissa = bits & 0x3ff;
    if (exponent === 0) return sign * mantissa * 2 ** -24;
    if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
    return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
  });
}

/** Widens float16 bits. */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  halfTable ??= buildHalfTable();
  const result = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) result[i] = halfTable[bits[i] as number] as number;
  return result;
}

/** Rounds to float16 bits; what is too large becomes infinite. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const result = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = halfBits(values[i] as number);
  return result;
}

function halfBits(value: number): number {
  float32[0] = value;
  const bits = bits32[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fff_ffff;
  if (magnitude > 0x7f80_0000) return sign | 0x7e00;
  if (magnitude >= 0x4780_0000) return sign | 0x7c00;
  // Below the smallest normal float16 the mantissa, hidden bit included, is shifted into place.
  const exponent = (magnitude >>> 23) - 112;
  if (exponent > 0) return sign | roundShift(magnitude - (112 << 23), 13);
  if (exponent < -10) return sign;
  return sign | roundShift((magnitude & 0x7f_ffff) | 0x80_0000, 14 - exponent);
}

/** `value / 2^shift`, half to even. A carry into the exponent is the right answer. */
function roundShift(value: number, shift: number): number {
  const quotient = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (quotient & 1) === 1) ? quotient + 1 : quotient;
}

/** Widens bfloat16 bits: they are the upper half of a float32. */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array {
  const widened = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) widened[i] = (bits[i] as number) << 16;
  return new Float32Array(widened.buffer);
}
