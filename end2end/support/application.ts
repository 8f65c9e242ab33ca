// 전자결제 신청: what a merchant types, and what the service's operator does.
import { expect, type APIRequestContext, type Page } from "@playwright/test";
import { post } from "./account";
import { CORES, DATA_DIR, environment, PEOPLE, run } from "./console";

export const APPLICATION = "/application";
export const REGISTRATION = "/application/business?step=registration";
export const NUMBER = "110-987-654321";
export const PDF = Buffer.from("%PDF-1.7\n% 사업자등록증\nstartxref\n9\n%%EOF\n");

/** The program, as the operator runs it at the machine. */
export function operate(...words: string[]): string {
  const ended = run(["application", ...words], environment(PEOPLE, CORES, DATA_DIR));
  if (ended.status !== 0) throw new Error(ended.stderr);
  return ended.stdout;
}

/** A token for the operator's own programs. */
export function operatorToken(): string {
  const words = ["core-token", "create", "--name", "operator", "--scope", "applications:operate"];
  const made = run(words, environment(PEOPLE, CORES, DATA_DIR));
  if (made.status !== 0) throw new Error(made.stderr);
  return made.stdout.trim();
}

export async function operateByApi(token: string, path: string, body: object) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(`${CORES}/core/v1/applications/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status, await answer.text()).toBe(204);
}

export async function applicationsByApi(token: string, state: string) {
  const answer = await fetch(`${CORES}/core/v1/applications?state=${state}`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { applications: { id: string; provider: string; state: string }[] }).applications;
}

export const BUSINESS = {
  "form[kind]": "corporate",
  "form[number]": "220-81-62517",
  "form[company]": "고양이 상점",
  "form[representative]": "김대표",
  "form[sector]": "전자상거래",
  "form[trade]": "소매업",
  "form[address]": "서울시 강남구 1",
};
export const SERVICE = {
  "form[url]": "https://shop.example.com",
  "form[contact_name]": "이담당",
  "form[contact_email]": "lee@shop.example.com",
  "form[contact_phone]": "02-1234-5678",
};

export async function consent(request: APIRequestContext) {
  const form = { "form[consents][third_party]": "on", "form[consents][collection]": "on" };
  expect(await post(request, "/api/application/consent", form)).toBe("/application?done=begun");
}

const IN_ENGLISH: Record<string, string> = {
  "form[company]": "Cat Shop", "form[representative]": "Kim", "form[sector]": "E-commerce", "form[trade]": "Retail",
  "form[address]": "1 Gangnam, Seoul", "form[contact_name]": "Lee",
};

/** Everything that is typed, by plain form posts, for tests that begin later. */
export async function enterAll(request: APIRequestContext, english = false) {
  await consent(request);
  const typed = (form: Record<string, string>) =>
    Object.fromEntries(Object.entries(form).map(([name, value]) => [name, (english && IN_ENGLISH[name]) || value]));
  const steps: [string, Record<string, string>][] = [
    ["business", typed(BUSINESS)],
    ["service", typed(SERVICE)],
    ["settlement", { "form[bank]": english ? "Shinhan" : "신한은행", "form[account_number]": NUMBER }],
  ];
  for (const [step, form] of steps) {
    expect(await post(request, "/api/application/save", { step, ...form })).toContain("done=saved");
  }
  await uploadBy(request, PDF, english ? "certificate.pdf" : undefined);
}

export async function uploadBy(request: APIRequestContext, buffer: Buffer, name = "사업자등록증.pdf") {
  const answer = await request.post(PEOPLE + "/application/registration", {
    multipart: { file: { name, mimeType: "application/pdf", buffer } },
    headers: { accept: "text/html", origin: PEOPLE },
    maxRedirects: 0,
  });
  expect(answer.headers()["location"]).toBe("/application?done=saved");
}

/** KSNET with cards, on the list; answers with the application's id. */
export async function draftKsnet(request: APIRequestContext): Promise<string> {
  const choice = { module: "ksnet", "form[styles][s0]": "결제창 일반결제", "form[methods][m0_0]": "일반결제|카드" };
  expect(await post(request, "/api/application/choose", choice)).toBe("/application?done=chosen");
  return idOn(await (await request.get(APPLICATION)).text());
}

export async function submit(request: APIRequestContext, id: string) {
  expect(await post(request, "/api/application/submit", { [`contracts[${id}]`]: "on" })).toBe("/application?done=submitted");
}

/** The same, submitted. */
export async function submitKsnet(request: APIRequestContext): Promise<string> {
  const id = await draftKsnet(request);
  await submit(request, id);
  return id;
}

export function idOn(html: string): string {
  return /application-[0-9a-f]{8}-[0-9a-f-]{27}/.exec(html)![0];
}

/** A file as the file chooser gives it. */
export async function choose(page: Page, name: string, mimeType: string, buffer: Buffer) {
  await page.locator("#file").setInputFiles({ name, mimeType, buffer });
}
