// Canaries: texts that are nowhere else in the world, put where secrets go, and searched for where they must not be.
import { randomInt } from "node:crypto";

/** A secret and the places where it must be; anywhere else it must not. */
export interface Canary {
  name: string;
  bytes: Buffer;
  mustBe: Set<string>;
  /** Places where it may be, and need not. */
  mayBe: Set<string>;
}

export interface Hit {
  canary: string;
  place: string;
  disguise: string;
}

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Shorter ones are found in noise. */
const SHORTEST = 8;

export function randomText(length = 32): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}

/** How a text may look in bytes that somebody wrote without knowing that it is a secret. */
export function disguises(bytes: Buffer): [string, Buffer][] {
  const percent = (hex: (digits: string) => string) =>
    [...bytes].map((byte) => `%${hex(byte.toString(16).padStart(2, "0"))}`).join("");
  const texts: [string, string][] = [
    ["hex", bytes.toString("hex")],
    ["HEX", bytes.toString("hex").toUpperCase()],
    ["percent", percent((digits) => digits)],
    ["PERCENT", percent((digits) => digits.toUpperCase())],
  ];
  // In base64 it depends on what stands before it, so what depends on neighbours is left out.
  for (const before of [0, 1, 2]) {
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    const inBase64 = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64").slice(from, to);
    texts.push([`base64+${before}`, inBase64]);
    texts.push([`base64url+${before}`, inBase64.replaceAll("+", "-").replaceAll("/", "_")]);
  }
  const wide = Buffer.from([...bytes].flatMap((byte) => [byte, 0]));
  const shapes: [string, Buffer][] = [["raw", bytes], ["reversed", Buffer.from(bytes).reverse()], ["UTF-16LE", wide]];
  for (const [name, text] of texts) shapes.push([name, Buffer.from(text)]);
  // Of those that look the same, one will do.
  const known = new Set<string>();
  const isNew = (shape: Buffer) => !known.has(shape.toString("latin1")) && known.add(shape.toString("latin1"));
  return shapes.filter(([, shape]) => shape.length >= SHORTEST && isNew(shape));
}

/** Places and what was written there. */
export class Places {
  private readonly written = new Map<string, Buffer[]>();

  add(place: string, bytes: Buffer | string) {
    const parts = this.written.get(place) ?? [];
    parts.push(Buffer.from(bytes), Buffer.from("\n"));
    this.written.set(place, parts);
  }

  get names(): string[] {
    return [...this.written.keys()].sort();
  }

  bytes(place: string): Buffer {
    return Buffer.concat(this.written.get(place) ?? []);
  }

  get size(): number {
    return [...this.written.values()].flat().reduce((sum, part) => sum + part.length, 0);
  }
}

interface Shape {
  canary: Canary;
  disguise: string;
  bytes: Buffer;
}

/** Every shape that occurs in `text`, found in one walk: most places are no beginning of any. */
function occurring(shapes: Shape[], text: Buffer): Set<Shape> {
  const beginnings = new Map<number, Shape[]>();
  const mayBegin = new Uint8Array(1 << 16);
  for (const shape of shapes) {
    const first = shape.bytes.readUInt32BE(0);
    beginnings.set(first, [...(beginnings.get(first) ?? []), shape]);
    mayBegin[(first ^ (first >>> 16)) & 0xffff] = 1;
  }
  const found = new Set<Shape>();
  let window = 0;
  for (let at = 0; at < text.length; at++) {
    window = ((window << 8) | text[at]!) >>> 0;
    if (at < 3 || !mayBegin[(window ^ (window >>> 16)) & 0xffff]) continue;
    for (const shape of beginnings.get(window) ?? []) {
      const begin = at - 3;
      if (text.subarray(begin, begin + shape.bytes.length).equals(shape.bytes)) found.add(shape);
    }
  }
  return found;
}

/** Every canary in every disguise in every place; how many were looked for, where they must not be, and where they were missed. */
export function search(canaries: Canary[], places: Places) {
  const shapes: Shape[] = canaries.flatMap((canary) => disguises(canary.bytes).map(([disguise, bytes]) => ({ canary, disguise, bytes })));
  const hits: Hit[] = [];
  const missed: Hit[] = [];
  for (const place of places.names) {
    const found = occurring(shapes, places.bytes(place));
    for (const { canary, disguise } of found) {
      if (!canary.mustBe.has(place) && !canary.mayBe.has(place)) hits.push({ canary: canary.name, place, disguise });
    }
    const missing = shapes.filter((shape) => shape.disguise === "raw" && shape.canary.mustBe.has(place) && !found.has(shape));
    for (const { canary, disguise } of missing) missed.push({ canary: canary.name, place, disguise });
  }
  for (const { name, mustBe } of canaries) {
    for (const place of mustBe) if (!places.names.includes(place)) missed.push({ canary: name, place, disguise: "no such place" });
  }
  return { looked: shapes.length * places.names.length, hits, missed };
}
