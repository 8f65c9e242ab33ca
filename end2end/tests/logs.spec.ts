// What the operator reads is what the console wrote. No browser takes part: one project runs this.
import { somebody } from "../support/account";
import { start } from "../support/console";
import { expect, test } from "../support/fixtures";

const FORGED = "\r\n2026-01-01T00:00:00.000000Z  INFO forged: all is well\u001b[2K";

test("no visitor writes a line of the log", async () => {
  const console = await start({ CONSOLE_LOG: "debug", NO_COLOR: "1" });
  const { people, log, stop } = console;
  const { password } = somebody();
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
    await form("/api/accounts/log-in", { "form[email]": `kim${FORGED}@example.com`, "form[password]": password, next: FORGED }),
    await form("/api/account/forgot-password", { "form[email]": `kim@example.com${FORGED}` }),
    await form(`/api/nothing${text}`, { a: FORGED }),
    await fetch(`${people}/${text}?next=${text}`, { headers: { "user-agent": "kim\tINFO forged", "x-forwarded-for": "forged" } }),
    await fetch(`${people}/verify-email?token=${text}`),
    await fetch(`${people}/rest/v2/channels/${text}?q=${text}`, { headers: { authorization: "PortOne forged: x" } }),
    await json("/rest/v1/users/getToken", { imp_key: FORGED, imp_secret: FORGED }),
    await json("/rest/v2/login/api-secret", { apiSecret: FORGED }),
    await json("/rest/v2/token/refresh", { refreshToken: FORGED }),
    await json("/rest/v2/channels", { mid: FORGED }, "Bearer forged"),
  ];
  for (const answer of sent) expect(answer.status).toBeLessThan(500);
  await stop();
  const lines = log().trimEnd().split(/\r?\n/);
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) {
    expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z +(ERROR|WARN|INFO|DEBUG) \S+: /);
    expect(line).not.toMatch(/Z +INFO forged|[\u0000-\u0008\u000b-\u001f\u007f]/);
  }
});
