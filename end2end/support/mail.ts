// Mails of a console without a mail server: files in the data directory.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { DATA_DIR, PEOPLE } from "./console";

/** Every mail to this address so far, oldest first. */
export function mailsTo(address: string): string[] {
  const folder = join(DATA_DIR, "mail");
  const names = (() => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  })();
  return names
    .filter((name) => name.endsWith(".eml"))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .filter((mail) => mail.split("\r\n").includes(`To: ${address}`));
}

/** The mails to this address, once there are `count`. */
export async function waitForMails(address: string, count = 1): Promise<string[]> {
  await expect.poll(() => mailsTo(address).length, { message: `${count} mail(s) to ${address}` }).toBe(count);
  return mailsTo(address);
}

/** The link stands alone on one line. */
export function linkIn(mail: string, origin = PEOPLE): string {
  const link = mail.split(/\r?\n/).find((line) => /^https?:\/\/\S+$/.test(line));
  if (!link?.startsWith(`${origin}/`)) throw new Error(`no link to ${origin} in the mail:\n${mail}`);
  return link;
}
