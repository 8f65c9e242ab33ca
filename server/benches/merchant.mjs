// A merchant of a console: signs up, follows the mail, logs in, and has API secrets issued.
import { newClient, pause, PASSWORD } from "./console.mjs";

export async function newMerchant(console_, name = "bench") {
  const email = `${name}@merchant.example`;
  const client = newClient();
  const cookies = new Map();
  /** What a browser of this merchant does. */
  const ask = async (path, form) => {
    const answer = await fetch(console_.origin + path, {
      method: form ? "POST" : "GET", body: form && new URLSearchParams(form), redirect: "manual",
      headers: {
        accept: "text/html", origin: console_.origin, referer: `${console_.origin}/`, "x-forwarded-for": client,
        cookie: [...cookies].map(([key, value]) => `${key}=${value}`).join("; "),
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [key, value] = line.split(";")[0].split("=");
      cookies.set(key, value);
    }
    return { status: answer.status, location: answer.headers.get("location"), text: await answer.text() };
  };
  await ask("/api/accounts/sign-up", {
    "form[email]": email, "form[password]": PASSWORD, "form[password_again]": PASSWORD, "form[terms]": "on", "form[privacy]": "on",
  });
  let token;
  for (; !token; await pause(50)) {
    token = /\/verify-email\?token=(\S+)/.exec(console_.mails().find((mail) => mail.includes(`To: ${email}`)) ?? "")?.[1];
  }
  await ask("/api/accounts/verify", { token });
  const logIn = () => ask("/api/accounts/log-in", { "form[email]": email, "form[password]": PASSWORD, next: "" });
  await logIn();
  let issued = 0;
  const issueSecret = async () => {
    issued += 1;
    const { text } = await ask("/integration/keys/v2/new", {
      name: `${name} ${issued}`, expiry: "365", channels_read: "on", channels_write: "on", payments: "on", request_key: `bench-issue-${name}-${String(issued).padStart(6, "0")}`,
    });
    const secret = /<code id="secret">([^<]+)/.exec(text)?.[1];
    if (!secret) throw new Error("no secret was shown");
    return secret;
  };
  return { email, client, ask, logIn, issueSecret };
}
