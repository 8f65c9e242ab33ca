// Whether the time of a refused login tells that there is an account: the area under the curve (Mann-Whitney) of
// interleaved samples, 0.5 telling nothing, and the difference of the medians.
// Then the same of addresses that are locked after ten wrong passwords, whose logins are refused without a comparison.
//   CONSOLE_BIN=… node server/benches/login_timing.mjs [samples of each kind]
import http from "node:http";
import { PASSWORD, pause, post, quantile, startConsole } from "./console.mjs";

const SAMPLES = Number(process.argv[2] ?? 3000);
/** A fifth wrong password in a row has to wait. */
const OF_ONE = 4;
const ACCOUNTS = Math.ceil(SAMPLES / OF_ONE);
/** Locked addresses of each kind: any of them is asked as often as one likes. */
const LOCKED = 20;
/** Wrong passwords until an address has to wait for half an hour, and the seconds to wait after each. */
const WAITS = [0, 0, 0, 0, 1, 2, 4, 8, 16, 0];
const console_ = await startConsole();
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const address = (kind, number) => `${kind}-${String(number).padStart(5, "0")}@example.com`;

async function inBatches(count, work) {
  let next = 0;
  await Promise.all([0, 1, 2, 3].map(async () => {
    while (next < count) await work(next++);
  }));
}

async function signUp(email) {
  const { status } = await post(console_, "/api/accounts/sign-up", {
    "form[email]": email, "form[password]": PASSWORD, "form[password_again]": PASSWORD, "form[terms]": "on", "form[privacy]": "on",
  });
  if (status === 503) return pause(1000).then(() => signUp(email));
  if (status >= 400) throw new Error(`sign-up: ${status}`);
}

function areaUnderCurve(left, right) {
  const all = [...left.map((ms) => [ms, 1]), ...right.map((ms) => [ms, 0])].sort(([a], [b]) => a - b);
  const ranks = all.reduce((sum, [, isLeft], index) => sum + (isLeft ? index + 1 : 0), 0);
  return (ranks - (left.length * (left.length + 1)) / 2) / (left.length * right.length);
}

try {
  await inBatches(ACCOUNTS, (number) => signUp(address("confirmd", number)));
  while (console_.mails().length < ACCOUNTS) await pause(500);
  const tokens = console_.mails().map((mail) => /\/verify-email\?token=(\S+)/.exec(mail)?.[1]).filter(Boolean);
  await inBatches(tokens.length, async (number) => {
    const { status } = await post(console_, "/api/accounts/verify", { token: tokens[number] });
    if (status >= 400) throw new Error(`verify: ${status}`);
  });
  await inBatches(ACCOUNTS, (number) => signUp(address("waiting1", number)));
  const kinds = ["confirmd", "waiting1", "stranger"];
  const attempt = (email, guess) => post(console_, "/api/accounts/log-in", { "form[email]": email, "form[password]": guess, next: "" }, { agent });
  /** The answer of a machine that had a moment for us: one that was too busy to compare says nothing of time. */
  const answered = async (email, guess) => {
    for (let turn = 0; ; turn += 1) {
      const answer = await attempt(email, guess);
      if (answer.status !== 503 || turn === 20) return answer;
      busy += 1;
      await pause(1000);
    }
  };
  let busy = 0;
  const tell = (took, pairs) => {
    for (const [one, other] of pairs) {
      const between = quantile(took[one], 0.5) - quantile(took[other], 0.5);
      console.log(`${one} / ${other}: AUC ${areaUnderCurve(took[one], took[other]).toFixed(4)}, medians ${between.toFixed(3)} ms apart of ${quantile(took[one], 0.5).toFixed(1)} ms; ${took[one].length} and ${took[other].length} samples`);
    }
  };
  const took = Object.fromEntries(kinds.map((kind) => [kind, []]));
  for (let sample = -50; sample < SAMPLES; sample += 1) {
    for (let turn = 0; turn < kinds.length; turn += 1) {
      // Each kind first as often as the others; the first ones only warm up.
      const kind = kinds[(turn + Math.abs(sample)) % kinds.length];
      const number = sample < 0 ? 50_000 - sample : Math.floor(sample / OF_ONE);
      const { status, ms } = await answered(address(kind, number), `wrong guess ${sample}`);
      if (status !== 401) throw new Error(`${kind}: ${status}`);
      if (sample >= 0) took[kind].push(ms);
    }
  }
  console.log(`login timing: ${SAMPLES} interleaved samples of each kind; 0.50 ± 0.03 and 1 ms are wanted${busy ? `; ${busy} were asked again` : ""}`);
  tell(took, [["confirmd", "stranger"], ["confirmd", "waiting1"], ["waiting1", "stranger"]]);

  // Of addresses that nobody has guessed at yet: the ones that the samples left over, and new strangers.
  const locked = kinds.map((kind, turn) => `locked ${["with an account", "waiting", "stranger"][turn]}`);
  const lockedAddress = (turn, number) => address(kinds[turn], turn === 2 ? 70_000 + number : ACCOUNTS + number);
  for (let number = 0; number < LOCKED; number += 1) await signUp(lockedAddress(0, number));
  while (console_.mails().filter((mail) => mail.includes("confirmd-")).length < ACCOUNTS + LOCKED) await pause(100);
  for (const mail of console_.mails()) {
    const [to] = /confirmd-\d+@example\.com/.exec(mail) ?? [];
    const token = /\/verify-email\?token=(\S+)/.exec(mail)?.[1];
    if (token && to >= lockedAddress(0, 0)) await post(console_, "/api/accounts/verify", { token });
  }
  for (let number = 0; number < LOCKED; number += 1) await signUp(lockedAddress(1, number));
  for (const seconds of WAITS) {
    for (let turn = 0; turn < kinds.length; turn += 1) {
      for (let number = 0; number < LOCKED; number += 1) {
        const { status } = await answered(lockedAddress(turn, number), "wrong guess");
        if (status !== 401) throw new Error(`${lockedAddress(turn, number)}: ${status}`);
      }
    }
    await pause(seconds * 1000 + 100);
  }
  const refused = Object.fromEntries(locked.map((kind) => [kind, []]));
  for (let sample = -50; sample < SAMPLES; sample += 1) {
    for (let turn = 0; turn < kinds.length; turn += 1) {
      const kind = (turn + Math.abs(sample)) % kinds.length;
      const { status, ms } = await attempt(lockedAddress(kind, Math.abs(sample) % LOCKED), `wrong guess ${sample}`);
      if (status !== 429) throw new Error(`${locked[kind]}: ${status}`);
      if (sample >= 0) refused[locked[kind]].push(ms);
    }
  }
  tell(refused, [[locked[0], locked[2]], [locked[0], locked[1]], [locked[1], locked[2]]]);
} finally {
  console_.stop();
}
