// What the pages of 식별코드 · API Keys give out, at work: a merchant's server shows it to the management API.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";
import { issue, KEYS, shownSecret, V2, withPassword } from "../support/keys";
import { Server } from "../support/server";

const LIVE = { mode: "live", provider: "ksnet", module: "ksnet", name: "실연동", mid: "KS0001", "fields.api_key": "a-key" };
const BY_API = { mode: "live", module: "ksnet", name: "서버에서", mid: "KS0002", fields: { api_key: "another-key" } };

test("a server works with a secret, then with its successor, and neither works once revoked", async ({ merchant, page, context, account: _ }) => {
  const server = new Server();
  const key = await addChannel(context.request, LIVE);
  const first = await issue(merchant, "결제 서버");
  const asFirst = `PortOne ${first}`;
  expect(await server.get(`/v2/channels/${key}`, asFirst)).toMatchObject({ status: 200, body: { channel: { name: "실연동" } } });
  expect((await server.post("/v2/channels", BY_API, asFirst)).status).toBe(201);
  await merchant.goto("/integration/channels?mode=live");
  await expect(merchant.listed()).toHaveText(["서버에서", "실연동"]);

  await merchant.goto(`${V2}/${first.slice(5, 17)}/roll`);
  await page.getByRole("radio", { name: "24시간" }).check();
  await merchant.button("교체").click();
  const second = await shownSecret(page);
  for (const secret of [first, second]) expect((await server.get("/v2/channels", `PortOne ${secret}`)).status).toBe(200);
  const tokens = await server.post("/v2/login/api-secret", { apiSecret: first });
  expect((await server.get("/v2/channels", `Bearer ${tokens.body.accessToken}`)).status).toBe(200);

  for (const secret of [first, second]) {
    await merchant.goto(`${V2}/${secret.slice(5, 17)}/revoke`);
    const done = page.waitForResponse((answer) => answer.url().endsWith("/api/keys/v2/revoke"));
    await merchant.button("폐기").click();
    await done;
    const since = Date.now();
    const revoked = { status: 401, body: { type: "API_SECRET_REVOKED" } };
    expect(await server.get("/v2/channels", `PortOne ${secret}`)).toMatchObject(revoked);
    expect(Date.now() - since).toBeLessThan(1000);
    expect(await server.post("/v2/login/api-secret", { apiSecret: secret })).toMatchObject(revoked);
    await expect(page.getByText("API Secret을 폐기했습니다")).toBeVisible();
  }
  expect((await server.get("/v2/channels", `Bearer ${tokens.body.accessToken}`)).status).toBe(401);
  const refresh = await server.post("/v2/token/refresh", { refreshToken: tokens.body.refreshToken });
  expect(refresh.status).toBe(401);
});

test("getToken takes the V1 secret that is shown, and a re-issued one in its place at once", async ({ merchant, page, account }) => {
  const server = new Server();
  const getToken = (imp_secret: string) => server.post("/v1/users/getToken", { imp_key, imp_secret });
  await merchant.goto(KEYS);
  const imp_key = await page.getByText(/^\d{16}$/).innerText();
  const old = await withPassword(merchant, `${KEYS}/secret`, "REST API Secret 보기", account.password);
  const before = await getToken(old);
  expect(before).toMatchObject({ status: 200, body: { code: 0, message: null } });
  expect((await getToken(old)).body.response.access_token).toBe(before.body.response.access_token);

  const fresh = await withPassword(merchant, `${KEYS}/reissue`, "REST API Secret 재발급", account.password);
  expect(await getToken(old)).toMatchObject({ status: 401, body: { code: -1, response: null } });
  const after = await getToken(fresh);
  expect(after).toMatchObject({ status: 200, body: { code: 0 } });
  expect(after.body.response.access_token).not.toBe(before.body.response.access_token);
});

test("another merchant's channel is answered like one that is nowhere", async ({ merchant, stranger, context, account: _ }) => {
  const server = new Server();
  const key = await addChannel(context.request, LIVE);
  const [own, foreign] = [await issue(merchant, "우리 서버"), await issue(stranger, "남의 서버")];
  expect((await server.get(`/v2/channels/${key}`, `PortOne ${own}`)).status).toBe(200);
  const nowhere = "channel-key-00000000-0000-4000-8000-000000000000";
  for (const path of ["", "/versions"]) {
    const answers = [key, nowhere].map((each) => server.get(`/v2/channels/${each}${path}`, `PortOne ${foreign}`));
    const [theirs, none] = await Promise.all(answers);
    expect(theirs).toEqual(none);
    expect(theirs).toMatchObject({ status: 404, body: { type: "CHANNEL_NOT_FOUND" } });
  }
  expect(await server.post(`/v2/channels/${key}/pause`, {}, `PortOne ${foreign}`)).toMatchObject({ status: 404 });
});
