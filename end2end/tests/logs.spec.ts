// What the operator reads is what the console wrote. No browser takes part: one project runs this.
import { clientAddress, somebody } from "../support/account";
import { start } from "../support/console";
import { expect, test } from "../support/fixtures";

const FORGED = '\r\n{"timestamp":"2026-01-01T00:00:00.000000Z","level":"INFO","message":"forged: all is well"}\u001b[2K';

test("no visitor writes a line of the log, nor a field of one", async () => {
  const console = await start({ CONSOLE_LOG: "debug" });
  const { people, log, stop } = console;
  const { email, password } = somebody();
  const origin = { origin: people, referer: `${people}/`, accept: "text/html" };
  const form = (path: string, fields: Record<string, string>) =>
    fetch(people + path, { method: "POST", body: new URLSearchParams(fields), headers: origin, redirect: "manual" });
  const json = (path: string, body: object, authorization = "") =>
    fetch(people + path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", authorization } });
  const text = encodeURIComponent(FORGED);
  const sent = [
    await form("/api/accounts/sign-up", {
      "form[email]": `kim@example.com${FORGED}`, "form[password]": FORGED, "form[password_again]": FORGED,
      "form[terms]": "on", "form[privacy]": "on",
    }),
    await form("/api/accounts/sign-up", {
      "form[email]": email, "form[password]": password, "form[password_again]": password,
      "form[terms]": "on", "form[privacy]": "on",
    }),
    await form("/api/accounts/log-in", { "form[email]": `kim${FORGED}@example.com`, "form[password]": password, next: FORGED }),
    await form("/api/accounts/log-in", { "form[email]": email, "form[password]": password, next: "" }),
    await form("/api/account/forgot-password", { "form[email]": `kim@example.com${FORGED}` }),
    await form(`/api/nothing${text}`, { a: FORGED }),
    await fetch(`${people}/${text}?next=${text}`, {
      headers: { "user-agent": "kim\tINFO forged", "x-forwarded-for": "forged", "x-request-id": "forged" },
    }),
    await fetch(`${people}/verify-email?token=${text}`),
    await fetch(`${people}/rest/v2/channels/${text}?q=${text}`, { headers: { authorization: "PortOne forged: x" } }),
    await json("/rest/v1/users/getToken", { imp_key: FORGED, imp_secret: FORGED }),
    await json("/rest/v2/login/api-secret", { apiSecret: FORGED }),
    await json("/rest/v2/token/refresh", { refreshToken: FORGED }),
    await json("/rest/v2/channels", { mid: FORGED }, "Bearer forged"),
    await fetch(`${people}/login`, { headers: { "x-forwarded-for": clientAddress() } }),
  ];
  for (const answer of sent) {
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
  }
  await stop();
  const lines = log().trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(sent.length);
  const answered = new Set<string>();
  for (const line of lines) {
    expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
    const event = JSON.parse(line);
    expect(event.timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(event.level).toMatch(/^(ERROR|WARN|INFO|DEBUG)$/);
    expect(event.target).toMatch(/^\w+(::\w+)*$/);
    expect(String(event.message)).not.toMatch(/^forged/);
    if (event.message === "answered") answered.add(event.span.id);
  }
  for (const answer of sent) expect(answered).toContain(answer.headers.get("x-request-id"));
  // Whom it is about is told by ids alone, and what was typed not at all.
  for (const typed of ["forged", email, password, "kim@example.com", "?next=", "token="]) expect(log()).not.toContain(typed);
});
