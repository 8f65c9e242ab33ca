// Mail by a real SMTP server. No browser takes part: one project runs this.
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { clientAddress, somebody } from "../support/account";
import { start } from "../support/console";
import { expect, test } from "../support/fixtures";
import { linkIn } from "../support/mail";

interface Received {
  to: string[];
  text: string;
}

test("a merchant of a console with a mail server confirms the mail that came by SMTP", async () => {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map((recipient: { address: string }) => recipient.address);
        received.push({ to, text: Buffer.concat(chunks).toString("utf8") });
        done();
      });
    },
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.server.address() as AddressInfo;
  const console = await start({ CONSOLE_SMTP_URL: `smtp://127.0.0.1:${port}` });
  const { people } = console;
  const client = clientAddress();
  const post = (path: string, form: Record<string, string>) =>
    fetch(people + path, {
      method: "POST",
      body: new URLSearchParams(form),
      headers: { accept: "text/html", origin: people, "x-forwarded-for": client },
      redirect: "manual",
    });
  try {
    const { email, password } = somebody();
    const typed = { "form[email]": email, "form[password]": password };
    const consents = { "form[terms]": "on", "form[privacy]": "on" };
    const signedUp = await post("/api/accounts/sign-up", { ...typed, "form[password_again]": password, ...consents });
    expect(signedUp.headers.get("location")).toBe("/signup?sent=1");

    await expect.poll(() => received.length).toBe(1);
    expect(received[0]!.to).toEqual([email]);
    const link = new URL(linkIn(received[0]!.text, people));
    const shown = await (await fetch(link)).text();
    expect(shown).toContain("이메일 인증하기");
    const verified = await post("/api/accounts/verify", { token: link.searchParams.get("token")! });
    expect(verified.headers.get("location")).toBe("/login?verified=1");
    const loggedIn = await post("/api/accounts/log-in", { ...typed, next: "" });
    expect(loggedIn.headers.get("location")).toBe("/integration/channels");
    expect(loggedIn.headers.get("set-cookie")).toContain("sid=");
  } finally {
    await console.stop();
    await new Promise<void>((closed) => server.close(closed));
  }
});
