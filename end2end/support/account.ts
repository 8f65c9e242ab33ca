// Merchants who sign up, and the plain form posts behind their pages for tests that begin after the login.
import { randomBytes, randomInt } from "node:crypto";
import { expect, type APIRequestContext } from "@playwright/test";
import { PEOPLE } from "./console";
import { linkIn, waitForMails } from "./mail";

export interface Account {
  email: string;
  password: string;
}

export function somebody(): Account {
  return { email: `owner-${randomBytes(6).toString("hex")}@merchant.example`, password: "열두마리 고양이와 산책 7시" };
}

/** A client of its own, so that the limits per client stay on and hold up nobody else. */
export function clientAddress(): string {
  return `198.18.${randomInt(256)}.${randomInt(1, 255)}`;
}

/** What a browser without JavaScript sends. Answers with the place it is sent to next. */
export async function post(request: APIRequestContext, path: string, form: Record<string, string>): Promise<string> {
  const answer = await request.post(PEOPLE + path, {
    form,
    headers: { accept: "text/html", origin: PEOPLE, referer: `${PEOPLE}/` },
    maxRedirects: 0,
  });
  expect(answer.status(), `${path}: ${await answer.text()}`).toBe(302);
  return answer.headers()["location"] ?? "";
}

/** The same of a form with a password: passwords are hashed in turn, and a machine that is busy asks to come back in a second. */
async function postPassword(request: APIRequestContext, path: string, form: Record<string, string>): Promise<string> {
  for (let again = 0; again < 10; again++) {
    const to = await post(request, path, form);
    const refusal = to.startsWith("/") ? null : new URL(to).searchParams.get("__err");
    const seconds = refusal && JSON.parse(Buffer.from(refusal, "base64url").toString()).too_many_attempts?.seconds;
    if (seconds !== 1) return to;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error(`${path}: busy all the time`);
}

export async function postSignUp(request: APIRequestContext, account: Account) {
  const { email, password } = account;
  const to = await postPassword(request, "/api/accounts/sign-up", {
    "form[email]": email,
    "form[password]": password,
    "form[password_again]": password,
    "form[terms]": "on",
    "form[privacy]": "on",
  });
  expect(to).toBe("/signup?sent=1");
}

export async function postLogIn(request: APIRequestContext, { email, password }: Account) {
  const to = await postPassword(request, "/api/accounts/log-in", { "form[email]": email, "form[password]": password, next: "" });
  expect(to).toBe("/integration/channels");
}

/** From nothing to a member who is logged in, in the cookie jar of `request`. */
export async function newMerchant(request: APIRequestContext): Promise<Account> {
  const account = somebody();
  await postSignUp(request, account);
  const [mail] = await waitForMails(account.email);
  const token = new URL(linkIn(mail!)).searchParams.get("token")!;
  expect(await post(request, "/api/accounts/verify", { token })).toBe("/login?verified=1");
  await postLogIn(request, account);
  return account;
}

/** 채널 추가 by a plain form, for lists that need many. Answers with the channel key. */
export async function addChannel(request: APIRequestContext, channel: Record<string, string>): Promise<string> {
  const to = await post(request, "/api/channels/add", channelForm(channel));
  const key = /\/(channel-key-[0-9a-f-]{36})\?done=added$/.exec(to)?.[1];
  if (!key) throw new Error(`the channel was refused: ${to}`);
  return key;
}

/** What the form of 채널 추가 sends. */
export function channelForm(channel: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(channel).map(([name, value]) => [formName(name), value]));
}

const ABOUT = ["key", "seen_version", "mode", "provider", "module", "store", "request_key"];

/** `fields.merchant_key` is the input `form[fields][merchant_key]`, `mode` is `about[mode]`. */
function formName(name: string): string {
  return `${ABOUT.includes(name) ? "about" : "form"}${name.split(".").map((part) => `[${part}]`).join("")}`;
}
