// Every secret there is, searched for in everything that the console writes, answers and logs. No browser takes part: one
// project runs this.
import { randomInt } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { channelForm } from "../support/account";
import { BUSINESS, idOn, SERVICE } from "../support/application";
import { disguises, Places, randomText, search, type Canary } from "../support/canary";
import { ADDABLE, type Field } from "../support/catalogue";
import { ROOT, run, start } from "../support/console";
import { expect, test } from "../support/fixtures";
import { issuing, KEYS, V2 } from "../support/keys";
import { linkIn } from "../support/mail";
import { Recorder } from "../support/recorder";

const CHANNELS = "/integration/channels";
const PAGES = ["/", CHANNELS, `${CHANNELS}/new`, KEYS, `${KEYS}/secret`, `${KEYS}/reissue`, V2, `${V2}/new`, "/team", "/stores", "/audit", "/account"];

/** Every file below a folder. */
function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

function newest(mails: string, to: string): string {
  if (!existsSync(mails)) return "";
  const found = readdirSync(mails).filter((name) => name.endsWith(".eml")).sort();
  const texts = found.map((name) => readFileSync(join(mails, name), "utf8")).filter((mail) => mail.includes(`To: ${to}\r\n`));
  return texts.at(-1) ?? "";
}

/** A value that the field takes, as long as a canary where it may be. */
function secretOf(field: Field): string {
  const text = randomText(field.exact_length ?? Math.min(field.max_length ?? 32, 32));
  return field.multiline ? `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----` : text;
}

function heart(secret: string): string {
  return secret.startsWith("-----") ? secret.split("\n")[1]! : secret;
}

test("no secret is anywhere but where it must be", async () => {
  test.setTimeout(120_000);
  const console_ = await start({ CONSOLE_LOG: "trace", NO_COLOR: "1" });
  const { people, cores, data, env } = console_;
  const places = new Places();
  const recorder = new Recorder(people, cores, places);
  const mails = join(data, "mail");
  /** The link in the newest mail, with its token as a canary. */
  const link = async (what: string, to: string) => {
    const path = () => {
      const mail = newest(mails, to);
      return mail.includes("token=") ? linkIn(mail, people) : "";
    };
    const isNew = () => path() !== "" && !recorder.known(Buffer.from(new URL(path()).searchParams.get("token")!));
    await expect.poll(isNew, { message: what }).toBe(true);
    const token = new URL(path()).searchParams.get("token")!;
    // The mail carries it, and the page that its link opens sends it back.
    recorder.canary(`token of ${what}`, token, ["mails", `answer: link of ${what}`]);
    return { token, path: path().slice(people.length) };
  };
  /** What lies on the disk now: rows that are gone later, and what is in the log before it is merged. */
  const disk = () => {
    for (const name of ["console.db", "console.db-wal", "console.db-shm"]) {
      try {
        places.add(name, readFileSync(join(data, name)));
      } catch {
        // There is none when nobody has it open.
      }
    }
  };
  const command = (what: string, ...words: string[]) => {
    const ended = run(words, env);
    places.add("log", ended.stderr);
    places.add(`stdout of ${what}`, ended.stdout);
    expect(ended.status, `${what}: ${ended.stderr.slice(-500)}`).toBe(0);
    return ended.stdout;
  };

  // Accounts
  const owner = { email: "owner@merchant.example", password: recorder.canary("password") };
  const visitor = recorder.visitor();
  for (const path of ["/login", "/signup", "/forgot-password", "/terms"]) await visitor.page(path, path);
  const consents = { "form[terms]": "on", "form[privacy]": "on" };
  const mistyped = recorder.canary("mistyped password of sign-up");
  await visitor.post("refused sign-up", "/api/accounts/sign-up", {
    "form[email]": owner.email, "form[password]": mistyped, "form[password_again]": owner.password, ...consents,
  });
  await visitor.page("sign-up after refusal", "/signup");
  await visitor.post("sign-up", "/api/accounts/sign-up", {
    "form[email]": owner.email, "form[password]": owner.password, "form[password_again]": owner.password, ...consents,
  });
  const verify = await link("sign-up", owner.email);
  await visitor.page("link of sign-up", verify.path);
  await visitor.post("verify", "/api/accounts/verify", { token: verify.token });
  const wrong = recorder.canary("wrong password of log-in");
  await visitor.post("refused log-in", "/api/accounts/log-in", { "form[email]": owner.email, "form[password]": wrong, next: "" });
  const logIn = { "form[email]": owner.email, "form[password]": owner.password, next: "" };
  expect(await visitor.post("log-in", "/api/accounts/log-in", logIn)).toBe(CHANNELS);

  // Channels of every module, with every secret field
  const channels: string[] = [];
  const made: { module: string; key: string }[] = [];
  for (const { provider, module } of ADDABLE) {
    const purpose = module.purposes[0]!;
    const mode = module.modes.includes("live") ? "live" : "test";
    const form: Record<string, string> = {
      mode, provider: provider.id, module: module.id, name: `${module.id} ${mode}`, mid: "ourOwnShop01", purpose, tax: "none",
      request_key: crypto.randomUUID(),
    };
    for (const use of module.uses ?? []) form[`uses.${use}`] = "on";
    for (const field of module.field ?? []) {
      if (field.purposes?.length && !field.purposes.includes(purpose)) continue;
      const value = field.secret ? secretOf(field) : "public0123456789abc".slice(0, field.exact_length ?? field.max_length ?? 12);
      form[`fields.${field.key}`] = value;
      if (field.secret) recorder.canary(`${module.id}.${field.key}`, heart(value), ["answer: core reads"]);
    }
    const to = await visitor.post("adding channels", "/api/channels/add", channelForm(form));
    const key = /\/(channel-key-[0-9a-f-]{36})\?done=added$/.exec(to)?.[1];
    expect(key, `${module.id}: ${to} ${(await visitor.get("refused channel", to)).text.match(/field-error[^<]*<[^<]*/g)}`).toBeTruthy();
    channels.push(key!);
    made.push({ module: module.id, key: key! });
  }
  const ksnet = made.find(({ module }) => module === "ksnet")!.key;
  const typed = { mode: "live", provider: "ksnet", module: "ksnet", mid: "2001102849", purpose: "payment", tax: "none" };
  const kept = recorder.canary("secret of a refused form");
  const refused = channelForm({ ...typed, name: "a/b", "fields.api_key": kept, request_key: crypto.randomUUID() });
  const back = await visitor.post("refused channel", "/api/channels/add", refused);
  expect(await visitor.page("form with a draft", back)).toContain("보관했습니다");
  const fetched = recorder.canary("secret of a refused fetch");
  await visitor.ask("refused fetch", "POST", "/api/channels/add", {
    form: channelForm({ ...typed, name: "a/b", "fields.api_key": fetched, request_key: crypto.randomUUID() }),
    headers: { accept: "application/json" },
  });
  const edit = (name: string, secret: string, version: string) =>
    channelForm({ key: ksnet, seen_version: version, name, mid: "ourOwnShop01", purpose: "payment", tax: "none", "fields.api_key": secret });
  const unsaved = recorder.canary("secret of a refused edit");
  const again = await visitor.post("refused edit", "/api/channels/edit", edit("a/b", unsaved, "1"));
  await visitor.page("edit with a draft", again);
  const edited = recorder.canary("secret of an edit", undefined, ["answer: core reads"]);
  expect(await visitor.post("edit", "/api/channels/edit", edit("다른 이름", edited, "1"))).toContain(ksnet);
  // The other ways in: typing, comparing, promoting
  const shared = { ...typed, mode: "test", shared_mid: "2999199999", mid: "", name: "시험", request_key: crypto.randomUUID() };
  const keyIn = (to: string) => /\/(channel-key-[0-9a-f-]{36})\?done=added$/.exec(to)![1]!;
  const tested = keyIn(await visitor.post("test channel", "/api/channels/add", channelForm(shared)));
  const keeping = recorder.canary("secret that is being typed");
  await visitor.ask("typing", "POST", "/api/channels/draft", {
    form: channelForm({ ...typed, name: "쓰는 중", "fields.api_key": keeping }),
    headers: { accept: "application/json" },
  });
  const going = "/integration/channels/new?mode=live&provider=ksnet&module=ksnet";
  expect(await visitor.page("form that is being typed", going)).toContain("보관했습니다");
  const compared = recorder.canary("secret that is compared");
  await visitor.page("comparison", await visitor.post("comparing", "/api/channels/compare", { key: ksnet, field: "api_key", value: compared }));
  const promoting = (name: string, secret: string) =>
    channelForm({ key: tested, name, mid: "2001102851", purpose: "payment", tax: "none", "fields.api_key": secret, request_key: crypto.randomUUID() });
  const unpromoted = recorder.canary("secret of a refused promotion");
  const asked = await visitor.post("refused promotion", "/api/pairs/promote", promoting("a/b", unpromoted));
  expect(await visitor.page("promotion with a draft", asked)).toContain("보관했습니다");
  const promoted = recorder.canary("secret of a promotion", undefined, ["answer: core reads"]);
  channels.push(tested, keyIn(await visitor.post("promotion", "/api/pairs/promote", promoting("올린 채널", promoted))));
  for (const path of [`${ksnet}/versions/1`, `${tested}/twin`, `${tested}/promote`, `${tested}/check`]) {
    await visitor.page("channel's other pages", `${CHANNELS}/${path}`);
  }
  for (const key of channels.slice(0, 12).concat(ksnet)) {
    await visitor.page("channel", `${CHANNELS}/${key}`);
    await visitor.page("channel's form", `${CHANNELS}/${key}/edit`);
    await visitor.page("channel's versions", `${CHANNELS}/${key}/versions`);
  }
  disk();

  // Credentials
  const shown = (text: string) => /<code id="secret">(\w+)</.exec(text)![1]!;
  const forSecret = async (what: string, path: string, form: Record<string, string>) => {
    const request = { request_key: crypto.randomUUID(), ...form };
    const secret = shown((await visitor.ask(what, "POST", path, { form: request })).text);
    recorder.canary(what, secret, [`answer: ${what}`]);
    await visitor.ask(`${what} again`, "POST", path, { form: request });
    await visitor.page(`${what} looked at`, path);
    return secret;
  };
  const wrongAgain = recorder.canary("wrong password of a secret page");
  await visitor.post("V1 secret refused", `${KEYS}/secret`, { request_key: crypto.randomUUID(), password: wrongAgain });
  const impKey = /\b\d{16}\b/.exec(await visitor.page("V1 keys", KEYS))![0];
  const v1First = await forSecret("V1 secret shown", `${KEYS}/secret`, { password: owner.password });
  const getToken = async (what: string, secret: string) => {
    const answer = await visitor.json(what, "POST", "/rest/v1/users/getToken", { imp_key: impKey, imp_secret: secret });
    return answer.body.response?.access_token as string | undefined;
  };
  recorder.canary("V1 access token", await getToken("getToken", v1First), ["answer: getToken"]);
  const v1 = await forSecret("V1 secret re-issued", `${KEYS}/reissue`, { password: owner.password });
  expect(await getToken("getToken refused", v1First)).toBeUndefined();
  const v1Token = recorder.canary("second V1 access token", await getToken("getToken", v1), ["answer: getToken"]);
  const api = await forSecret("V2 secret issued", `${V2}/new`, issuing("결제 서버"));
  const rolled = await forSecret("V2 secret rolled", `${V2}/${api.slice(5, 17)}/roll`, { overlap: "1" });
  const tokens = async (what: string, path: string, body: object) => {
    const { status, body: given } = await visitor.json(what, "POST", `/rest/v2/${path}`, body);
    expect(status, JSON.stringify(given)).toBe(200);
    recorder.canary(`access token of ${what}`, given.accessToken, [`answer: ${what}`]);
    recorder.canary(`refresh token of ${what}`, given.refreshToken, [`answer: ${what}`]);
    return given as { accessToken: string; refreshToken: string };
  };
  const logged = await tokens("REST log-in", "login/api-secret", { apiSecret: rolled });
  const fresh = await tokens("REST refresh", "token/refresh", { refreshToken: logged.refreshToken });
  const rest = { mode: "live", module: "ksnet", name: "REST로 추가", purpose: "payment", mid: "2001102850", uses: [], tax: "none" };
  const proof = `PortOne ${rolled}`;
  const bySecret = recorder.canary("secret by REST", undefined, ["answer: core reads"]);
  const added = await visitor.json("REST create", "POST", "/rest/v2/channels", { ...rest, fields: { api_key: bySecret } }, proof);
  expect(added.status, JSON.stringify(added.body)).toBe(201);
  const restKey = added.body.channel.channelKey as string;
  channels.push(restKey);
  const refusedByRest = recorder.canary("secret refused by REST");
  const unknown = { ...rest, name: "a/b", fields: { api_key: refusedByRest, nothing: refusedByRest } };
  expect((await visitor.json("REST refusal", "POST", "/rest/v2/channels", unknown, proof)).status).toBe(400);
  expect((await visitor.json("REST refusal", "POST", "/rest/v2/channels", { api_key: refusedByRest }, proof)).status).toBe(400);
  const patched = recorder.canary("secret of a REST patch", undefined, ["answer: core reads"]);
  const patch = { headers: { authorization: `Bearer ${fresh.accessToken}`, "if-match": '"1"' }, json: { fields: { api_key: patched } } };
  expect((await visitor.ask("REST patch", "PATCH", `/rest/v2/channels/${restKey}`, patch)).status).toBe(200);
  for (const path of ["channels?limit=100", `channels/${restKey}`, `channels/${restKey}/versions`]) {
    await visitor.json("REST reads", "GET", `/rest/v2/${path}`, undefined, proof);
  }
  disk();

  // The payment core
  const token = command("core-token create", "core-token", "create", "--name", "core").trim();
  recorder.canary("core token", token, ["stdout of core-token create"]);
  command("core-token list", "core-token", "list");
  const core = (what: string, path: string, json?: object) =>
    visitor.json(what, json ? "POST" : "GET", `${cores}/core/v1/${path}`, json, `Bearer ${token}`);
  for (const key of channels) expect((await core("core reads", `channels/${key}`)).status).toBe(200);
  for (const key of [ksnet, restKey]) await core("core reads", `channels/${key}?version=1`);
  await core("core reads", "channels:batchGet", { channels: channels.slice(0, 100).map((channelKey) => ({ channelKey })) });
  // A line each, so no JSON as a whole.
  await visitor.get("core reads", `${cores}/core/v1/snapshot`, { authorization: `Bearer ${token}` });
  await core("core's changes", "changes?after=0");
  await core("core's ack", "ack", { node: "seoul-1", seq: 1 });
  for (const shown of [{ apiSecret: rolled }, { accessToken: fresh.accessToken }, { impKey, impSecret: v1 }, { accessToken: v1Token }]) {
    expect((await core("credentials:verify", "credentials:verify", shown)).status).toBe(200);
  }
  await core("credentials:verify refused", "credentials:verify", { apiSecret: api.replace(/.$/, "-") });
  expect((await visitor.json("core refuses", "GET", `${cores}/core/v1/changes?after=0`, undefined, `Bearer ${token}x`)).status).toBe(401);

  // People
  const invited = "dev@merchant.example";
  await visitor.post("invite", "/api/team/invite", { "form[email]": invited, "form[role]": "dev", "form[memo]": "", "form[store]": "" });
  const invitation = await link("invitation", invited);
  const guest = recorder.visitor();
  await guest.page("link of invitation", invitation.path);
  const theirs = recorder.canary("password of an invited member");
  const accepting = { token: invitation.token, "consents[terms]": "on", "consents[privacy]": "on" };
  const other = recorder.canary("mistyped password of an invitation");
  await guest.post("refused acceptance", "/api/team/accept", { ...accepting, "form[password]": theirs, "form[password_again]": other });
  // The page that asks again is the page of the link.
  recorder.may(invitation.token, "answer: refused acceptance");
  await guest.post("acceptance", "/api/team/accept", { ...accepting, "form[password]": theirs, "form[password_again]": theirs });
  await guest.post("log-in of a member", "/api/accounts/log-in", { "form[email]": invited, "form[password]": theirs, next: "" });
  await guest.post("forgot password", "/api/account/forgot-password", { email: invited });
  const reset = await link("password reset", invited);
  await guest.page("link of password reset", reset.path);
  const chosen = recorder.canary("password of a reset");
  await guest.post("refused reset", "/api/account/reset-password", { token: reset.token, "form[password]": chosen, "form[password_again]": other });
  recorder.may(reset.token, "answer: refused reset");
  await guest.post("reset", "/api/account/reset-password", { token: reset.token, "form[password]": chosen, "form[password_again]": chosen });
  const moved = "moved@merchant.example";
  await visitor.post("e-mail change refused", "/api/account/email", { "form[email]": moved, "form[current]": wrong });
  await visitor.post("e-mail change", "/api/account/email", { "form[email]": moved, "form[current]": owner.password });
  const change = await link("e-mail change", moved);
  await visitor.page("link of e-mail change", change.path);
  await visitor.post("e-mail confirmed", "/api/account/confirm-email", { token: change.token });
  await visitor.post("log-in", "/api/accounts/log-in", { ...logIn, "form[email]": moved });
  const next = recorder.canary("changed password");
  const changed = { "form[current]": owner.password, "form[password]": next, "form[password_again]": next };
  await visitor.post("password change", "/api/account/password", changed);
  for (const path of PAGES) await visitor.page("pages", path);
  for (const path of ["/audit.csv", "/rest/openapi.json", "/nothing-here"]) await visitor.get("pages", path);

  // 전자결제 신청
  const digits = () => Array.from({ length: 20 }, () => randomInt(10)).join("");
  await visitor.post("consents", "/api/application/consent", { "form[consents][third_party]": "on", "form[consents][collection]": "on" });
  for (const [step, form] of [["business", BUSINESS], ["service", SERVICE]] as const) {
    await visitor.post("business details", "/api/application/save", { step, ...form });
  }
  const settle = (bank: string, number: string) => ({ step: "settlement", "form[bank]": bank, "form[account_number]": number });
  const unsettled = recorder.canary("account number of a refused form", digits());
  await visitor.post("refused account", "/api/application/save", settle("", unsettled));
  await visitor.page("account with a draft", "/application/business?step=settlement&draft=1");
  const account = recorder.canary("account number", digits(), ["stdout of application account"]);
  await visitor.post("account", "/api/application/save", settle("은행", account));
  const certificate = recorder.canary("certificate", undefined, ["answer: certificate"]);
  const refusedFile = recorder.canary("refused certificate");
  const upload = async (what: string, name: string, text: string, to: string) => {
    const answer = await visitor.ask(what, "POST", "/application/registration", { file: { name, bytes: Buffer.from(text) } });
    expect(answer.location).toContain(to);
  };
  await upload("refused upload", "등록증.pdf", `<html>${refusedFile}`, "refused=1");
  await upload("upload", "등록증.pdf", `%PDF-1.7\n% ${certificate}\nstartxref\n%%EOF\n`, "done=saved");
  expect((await visitor.get("certificate", "/application/registration")).status).toBe(200);
  await visitor.post("choice", "/api/application/choose", { module: "ksnet", "form[styles][s0]": "결제창 일반결제", "form[methods][m0_0]": "일반결제|카드" });
  const application = idOn(await visitor.page("application", "/application"));
  for (const path of ["/application/summary", "/application/business?step=settlement", "/application/business?step=registration"]) {
    await visitor.page("application", path);
  }
  await visitor.post("submission", "/api/application/submit", { [`contracts[${application}]`]: "on" });
  for (const words of [["list"], ["show", application], ["account", application]]) command(`application ${words[0]}`, "application", ...words);
  command("application move", "application", "move", application, "changes_requested", "--note", "다시 확인해 주세요");
  await visitor.page("application", `/application/pgs/${application}`);
  disk();

  // Copies, rotation, the end
  const copy = join(data, "copy.db");
  command("backup", "backup", copy);
  places.add("backup", readFileSync(copy));
  disk();
  const ring = readFileSync(join(data, "keyring"), "utf8");
  const rings = new Set<string>();
  const noteRing = (text: string) => {
    for (const [, value] of text.matchAll(/ (\S{44})$/gm)) rings.add(value!);
  };
  noteRing(ring);
  const old = /^active (\w+)$/m.exec(ring)![1]!;
  command("rotate-key", "rotate-key");
  noteRing(readFileSync(join(data, "keyring"), "utf8"));
  command("rotate-key --remove", "rotate-key", "--remove", old);
  noteRing(readFileSync(join(data, "keyring"), "utf8"));
  for (const [number, value] of [...rings].entries()) {
    recorder.bytes(`key ${number} of the ring`, Buffer.from(value, "base64"), []);
  }
  for (const { name, mayBe } of recorder.canaries) if (name.endsWith(" of the ring")) mayBe.add("keyring");
  const copyAfter = join(data, "copy-after.db");
  command("backup", "backup", copyAfter);
  places.add("backup", readFileSync(copyAfter));
  command("verify", "verify");
  await visitor.post("log-out", "/api/accounts/log-out", {});
  disk();
  await console_.end();
  disk();

  // What was written
  places.add("log", console_.log());
  for (const file of files(mails)) places.add("mails", readFileSync(file));
  for (const name of ["keyring", "audit-heads"]) places.add(name, readFileSync(join(data, name)));
  for (const file of files(join(ROOT, "target/site"))) places.add("site", readFileSync(file));
  await console_.stop();
  expect(console_.log()).toContain("TRACE");

  // It finds what is there: a name that everybody may read, and every disguise in every place.
  const name = "다른 이름";
  for (const place of ["console.db", "backup", "answer: channel"]) expect(places.bytes(place).includes(name), place).toBe(true);
  const planted = randomText();
  for (const place of places.names) {
    for (const [disguise, shape] of disguises(Buffer.from(planted))) {
      const control = new Places();
      control.add(place, Buffer.concat([places.bytes(place).subarray(0, 1000), shape, places.bytes(place).subarray(1000, 2000)]));
      const canary: Canary = { name: "planted", bytes: Buffer.from(planted), mustBe: new Set(), mayBe: new Set() };
      expect(search([canary], control).hits.map((hit) => hit.disguise)).toContain(disguise);
    }
  }

  const { looked, hits, missed } = search(recorder.canaries, places);
  const megabytes = (places.size / 1e6).toFixed(1);
  console.log(`canaries: ${recorder.canaries.length}, places: ${places.names.length}, ${megabytes} MB, ${looked} searches, ${hits.length} hits`);
  expect(hits).toEqual([]);
  expect(missed).toEqual([]);
});
