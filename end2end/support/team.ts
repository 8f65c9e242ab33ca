// People whom a merchant invites, by plain form posts, for tests that begin after they have joined.
import { expect, type APIRequestContext, type Browser } from "@playwright/test";
import { clientAddress, post, postLogIn, somebody, type Account } from "./account";
import { linkIn, waitForMails } from "./mail";

export type Role = "owner" | "admin" | "dev" | "manager" | "viewer";

export async function invite(owner: APIRequestContext, email: string, role: Role, store = ""): Promise<string> {
  const form = { "form[email]": email, "form[role]": role, "form[memo]": "", "form[store]": store };
  expect(await post(owner, "/api/team/invite", form)).toBe("/team?done=invited");
  const mails = await waitForMails(email);
  return linkIn(mails.at(-1)!);
}

export async function accept(request: APIRequestContext, link: string, account: Account) {
  const to = await post(request, "/api/team/accept", {
    token: new URL(link).searchParams.get("token")!,
    "form[password]": account.password,
    "form[password_again]": account.password,
    "consents[terms]": "on",
    "consents[privacy]": "on",
  });
  expect(to).toBe("/login?done=joined");
}

/** A member of this role, logged in, in a browser of their own. */
export async function newMember(browser: Browser, owner: APIRequestContext, role: Role, javaScriptEnabled: boolean, store = "") {
  const extraHTTPHeaders = { "X-Forwarded-For": clientAddress() };
  const context = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  const account = somebody();
  await accept(context.request, await invite(owner, account.email, role, store), account);
  await postLogIn(context.request, account);
  return { account, context, page: await context.newPage() };
}

/** A sub-store; answers with its id. */
export async function addStore(owner: APIRequestContext, name: string, tierCode: string): Promise<string> {
  const form = { "form[name]": name, "form[tier_code]": tierCode };
  expect(await post(owner, "/api/stores/add", form)).toBe("/stores?done=added");
  const html = await (await owner.get("/stores")).text();
  const after = html.slice(html.indexOf(tierCode));
  return /store-[0-9a-f-]{36}/.exec(after)![0];
}
