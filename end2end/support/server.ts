// A merchant's server: asks the management API as curl does.
import { clientAddress } from "./account";
import { PEOPLE } from "./console";

/** Each test knows what its route answers. */
type Body = any;

export class Server {
  private readonly client = clientAddress();

  /** Status and body of a request; `authorization` as the header has it. */
  async ask(method: string, path: string, authorization = "", body?: object): Promise<{ status: number; body: Body }> {
    const headers: Record<string, string> = { "x-forwarded-for": this.client };
    if (authorization) headers["authorization"] = authorization;
    if (body) headers["content-type"] = "application/json";
    const answer = await fetch(`${PEOPLE}/rest${path}`, { method, headers, body: body && JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  }

  get(path: string, authorization?: string) {
    return this.ask("GET", path, authorization);
  }

  post(path: string, body: object, authorization?: string) {
    return this.ask("POST", path, authorization, body);
  }
}
