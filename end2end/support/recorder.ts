// Visitors whose every answer is kept, whole, under the name of what they did.
import { expect } from "@playwright/test";
import { clientAddress } from "./account";
import { randomText, type Canary, type Places } from "./canary";

export class Recorder {
  readonly canaries: Canary[] = [];

  constructor(
    readonly people: string,
    readonly cores: string,
    readonly places: Places,
  ) {}

  /** A secret that must be where it is said to be, and nowhere else. */
  canary(name: string, value = randomText(), mustBe: string[] = []): string {
    this.bytes(name, Buffer.from(value), mustBe);
    return value;
  }

  bytes(name: string, bytes: Buffer, mustBe: string[]) {
    const known = this.known(bytes);
    if (known) for (const place of mustBe) known.mustBe.add(place);
    else this.canaries.push({ name, bytes, mustBe: new Set(mustBe), mayBe: new Set() });
  }

  known(bytes: Buffer): Canary | undefined {
    return this.canaries.find((canary) => canary.bytes.equals(bytes));
  }

  /** Where a secret may be as well. */
  may(value: string, ...places: string[]) {
    for (const place of places) this.known(Buffer.from(value))!.mayBe.add(place);
  }

  visitor(): Visitor {
    return new Visitor(this);
  }
}

interface Asked {
  form?: Record<string, string>;
  json?: object;
  /** As the one file of a form. */
  file?: { name: string; bytes: Buffer };
  headers?: Record<string, string>;
}

export class Visitor {
  private readonly client = clientAddress();
  private readonly cookies = new Map<string, string>();

  constructor(private readonly recorder: Recorder) {}

  /** Asks, keeps the answer under `what`, and gives it back. */
  async ask(what: string, method: string, url: string, { form, json, file, headers }: Asked = {}) {
    const { people, places } = this.recorder;
    const at = url.startsWith("http") ? url : people + url;
    const sent: Record<string, string> = { "x-forwarded-for": this.client, accept: "text/html", ...headers };
    if (this.cookies.size) sent["cookie"] = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    if (form || file) Object.assign(sent, { origin: people, referer: `${people}/` });
    if (json) sent["content-type"] = "application/json";
    const parts = new FormData();
    if (file) parts.append("file", new Blob([new Uint8Array(file.bytes)]), file.name);
    const body = file ? parts : form ? new URLSearchParams(form) : json && JSON.stringify(json);
    const answer = await fetch(at, { method, headers: sent, body: body || undefined, redirect: "manual" });
    const place = `answer: ${what}`;
    places.add(place, `${answer.status}\n${[...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n")}`);
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (!value) this.cookies.delete(name!);
      else this.cookies.set(name!, value);
      // The session's id, and by what a browser is known again.
      if (value && value.length >= 16) this.recorder.canary(`${name} of ${what}`, value, [place]);
    }
    const bytes = Buffer.from(await answer.arrayBuffer());
    places.add(place, bytes);
    return { status: answer.status, location: answer.headers.get("location") ?? "", text: bytes.toString("utf8") };
  }

  get(what: string, url: string, headers?: Record<string, string>) {
    return this.ask(what, "GET", url, { headers });
  }

  /** A page that opens. */
  async page(what: string, path: string): Promise<string> {
    const { status, text } = await this.get(what, path);
    expect(status, path).toBe(200);
    return text;
  }

  /** A plain form. Answers with the place that it leads to. */
  async post(what: string, path: string, form: Record<string, string>): Promise<string> {
    const { status, location, text } = await this.ask(what, "POST", path, { form });
    expect(status, `${path}: ${text}`).toBe(302);
    return location;
  }

  async json(what: string, method: string, url: string, json?: object, authorization = "") {
    const headers: Record<string, string> = { accept: "application/json" };
    if (authorization) headers["authorization"] = authorization;
    const { status, text } = await this.ask(what, method, url, { json, headers });
    return { status, body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text };
  }
}
