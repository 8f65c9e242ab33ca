// The payment core: reads channels with their secrets on its own listener.
import { CORES, DATA_DIR, environment, PEOPLE, run } from "./console";

export interface CoreChannel {
  channelKey: string;
  version: number;
  impCode: string;
  storeId: string;
  mode: string;
  status: string;
  provider: string;
  module: string;
  pgProvider: string;
  pgCode: string | null;
  purpose: string;
  name: string;
  mid: string;
  uses: string[];
  credentials: string;
  tax: string;
  fields: Record<string, string>;
  secrets: Record<string, string>;
}

export interface Answer {
  status: number;
  body: { channel?: CoreChannel; matches?: number; type?: string };
}

export interface Verified {
  impCode?: string;
  storeId?: string;
  kind?: string;
  scopes?: string[];
  expiresAt?: string | null;
  type?: string;
}

export class Core {
  private constructor(private readonly token: string) {}

  /** Of every store, or of one alone: what it says of itself is then nothing to other merchants' pages. */
  static create(storeId?: string): Core {
    const limit = storeId ? ["--store", storeId] : [];
    const made = run(["core-token", "create", "--name", "payment-core", ...limit], environment(PEOPLE, CORES, DATA_DIR));
    const token = made.stdout.trim();
    if (made.status !== 0 || !/^core_\w+$/.test(token)) throw new Error(`no core token: ${made.stderr}`);
    return new Core(token);
  }

  get authorization(): string {
    return `Bearer ${this.token}`;
  }

  /** The channel as the core sees it, now or at a version; it must be there. */
  async channel(key: string, version?: number): Promise<CoreChannel> {
    const { status, body } = await this.ask(`/core/v1/channels/${key}${version ? `?version=${version}` : ""}`);
    if (status !== 200 || !body.channel) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body.channel;
  }

  /** What a new payment means. */
  resolve(query: Record<string, string>): Promise<Answer> {
    return this.ask(`/core/v1/resolve?${new URLSearchParams(query)}`);
  }

  /** Whose a credential is that a merchant's server showed. */
  async verify(shown: Record<string, string>): Promise<{ status: number; body: Verified }> {
    const headers = { authorization: this.authorization, "content-type": "application/json" };
    const answer = await fetch(`${CORES}/core/v1/credentials:verify`, { method: "POST", headers, body: JSON.stringify(shown) });
    return { status: answer.status, body: (await answer.json()) as Verified };
  }

  /** Takes over everything that came, and says so. */
  async catchUp(node: string) {
    const headers = { authorization: this.authorization, "content-type": "application/json" };
    let next = 0;
    for (;;) {
      const answer = await fetch(`${CORES}/core/v1/changes?after=${next}`, { headers });
      if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
      const told = (await answer.json()) as { events: unknown[]; next: number };
      next = told.next;
      if (told.events.length === 0) break;
    }
    const answer = await fetch(`${CORES}/core/v1/ack`, { method: "POST", headers, body: JSON.stringify({ node, seq: next }) });
    if (answer.status !== 204) throw new Error(`${answer.status} ${await answer.text()}`);
  }

  private async ask(path: string): Promise<Answer> {
    const answer = await fetch(CORES + path, { headers: { authorization: this.authorization } });
    return { status: answer.status, body: (await answer.json()) as Answer["body"] };
  }
}
