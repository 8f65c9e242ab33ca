// Wrong variables are told at the start. No browser takes part: one project runs this.
import { environment, freePort, newDataDir, PEOPLE, run } from "../support/console";
import { expect, test } from "../support/fixtures";

const WRONG: Record<string, string[]> = {
  CONSOLE_ADDR: ["3000", "localhost"],
  CONSOLE_CORE_ADDR: ["127.0.0.1"],
  CONSOLE_DATABASE_URL: ["mysql://root@localhost/console"],
  CONSOLE_PUBLIC_URL: ["console.example.com", "http://console.example.com", "https://console.example.com/path"],
  CONSOLE_SMTP_URL: ["mail.example.com"],
  CONSOLE_MAIL_FROM: ["nobody"],
  CONSOLE_TRUSTED_PROXIES: ["127.0.0.1, proxy"],
  CONSOLE_DNS: ["1.1.1.1", "/no/such/file"],
};

for (const [name, values] of Object.entries(WRONG)) {
  test(`an operator who sets ${name} wrong is told in one sentence`, () => {
    const data = newDataDir();
    for (const value of values) {
      const env = environment("http://127.0.0.1:1", "http://127.0.0.1:2", data.path, { [name]: value });
      const ended = run([], env);
      expect(ended.status, `${name}=${value}`).toBe(2);
      expect(ended.stdout).toBe("");
      expect(ended.stderr.trim().split("\n")).toHaveLength(1);
      expect(ended.stderr).toMatch(new RegExp(`^channel-console: ${name}: .+`));
    }
    data.remove();
  });
}

test("an operator whose address is taken is told which", async () => {
  const data = newDataDir();
  const cores = `http://127.0.0.1:${await freePort()}`;
  const taken = environment(PEOPLE, cores, data.path, { CONSOLE_LOG: "off" });
  const ended = run([], taken);
  expect(ended.status).toBe(2);
  expect(ended.stderr.trim().split("\n")).toHaveLength(1);
  expect(ended.stderr).toContain(new URL(PEOPLE).host);
  data.remove();
});

test("an operator who mistypes a command is shown those there are", () => {
  const ended = run(["sreve"], process.env as Record<string, string>);
  expect(ended.status).toBe(2);
  expect(ended.stderr).toContain("core-token create --name NAME");
});
