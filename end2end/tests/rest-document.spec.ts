// The management API keeps what its document promises: schemathesis asks it thousands of times, with every check on.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addChannel } from "../support/account";
import { PEOPLE, ROOT } from "../support/console";
import { expect, test } from "../support/fixtures";
import { issuing, KEYS, postForSecret, V2 } from "../support/keys";
import { failures, type Report, run } from "../support/schemathesis";
import { Server } from "../support/server";

const DOCUMENT = `${PEOPLE}/rest/openapi.json`;
/** Cases of each route and phase; `REST_EXAMPLES=500` for a long look. */
const EXAMPLES = process.env.REST_EXAMPLES ?? "50";
const LIVE = { mode: "live", provider: "ksnet", module: "ksnet", name: "실연동", mid: "KS0001", "fields.api_key": "a-key" };

const CHANNEL_ROUTES = 8;

/**
 * Asked for channels alone, it goes from one that it added through what can be done with it. Not through restoring: that
 * what was deleted can be had back is more than its check of use after deletion knows.
 */
const JOURNEYS = ["--include-path-regex", "^/rest/v2/channels", "--exclude-path", "/rest/v2/channels/{channelKey}/restore"];

const RUNS = [
  { form: "PortOne", through: "everything", routes: [] },
  { form: "Bearer", through: "everything", routes: [] },
  { form: "PortOne", through: "the life of a channel", routes: JOURNEYS },
];

for (const { form, through, routes } of RUNS) {
  test(`the API is as its document says through ${through}, for a server that shows ${form}`, async ({ context, account }) => {
    test.setTimeout(Number(EXAMPLES) * 20_000);
    const secret = (await postForSecret(context.request, `${V2}/new`, issuing("서버")))!;
    const { body: tokens } = await new Server().post("/v2/login/api-secret", { apiSecret: secret });
    const keys = await (await context.request.get(KEYS)).text();
    const known = {
      "channel-key": await addChannel(context.request, LIVE),
      "api-secret": secret,
      "imp-key": /\b\d{16}\b/.exec(keys)![0],
      "imp-secret": (await postForSecret(context.request, `${KEYS}/secret`, { password: account.password }))!,
    };
    const folder = mkdtempSync(join(tmpdir(), "channel-console-schemathesis-"));
    copyFileSync(join(ROOT, "end2end/schemathesis.toml"), join(folder, "schemathesis.toml"));
    const names = Array.from({ length: 400 }, (_, number) => `"채널 ${number}"`);
    writeFileSync(join(folder, "name.txt"), names.join("\n"));
    for (const [name, value] of Object.entries(known)) writeFileSync(join(folder, `${name}.txt`), JSON.stringify(value));

    const shown = form === "PortOne" ? secret : tokens.accessToken;
    const phases = ["examples", "coverage", "fuzzing", "stateful"];
    const args = ["run", DOCUMENT, ...routes, "--checks", "all", "--phases", phases.join(), "--max-examples", EXAMPLES];
    const more = ["--continue-on-failure", "--report", "json", "--report-json-path", "report.json"];
    const { status, told } = await run("st", [...args, ...more], folder, { AUTHORIZATION: `${form} ${shown}` });
    expect(status, failures(told)).toBe(0);

    // A run that asked nothing would pass as well.
    const report: Report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
    expect(report.operations).toMatchObject({ tested: routes.length ? CHANNEL_ROUTES : report.operations.total });
    for (const phase of phases) expect(report.phases[phase], phase).toMatchObject({ status: "success" });
    expect(report.test_cases.generated).toBeGreaterThan(10 * report.operations.tested);
    const [links] = /API Links:.*/.exec(told) ?? [];
    expect(links).not.toMatch(/ 0 covered/);
    console.log(`${form}: ${report.test_cases.generated} cases of ${report.operations.tested} operations; ${links}`);
    rmSync(folder, { recursive: true });
  });
}
