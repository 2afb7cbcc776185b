// SPDX-License-Identifier: Apache-2.0
// UUID version 7 (RFC 9562): made once for a command, and kept with it until the centre has answered.
import { draw, hex } from './bytes';

/** A new id made at this time, ms since 1970 UTC. */
export function uuid7(nowMs: number): string {
  const bytes = draw(16);
  new DataView(bytes.buffer).setUint16(0, Math.floor(nowMs / 2 ** 32));
  new DataView(bytes.buffer).setUint32(2, nowMs % 2 ** 32);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const digits = hex(bytes);
  return [8, 12, 16, 20, 32].map((end, i, ends) => digits.slice(i ? ends[i - 1] : 0, end)).join('-');
}
