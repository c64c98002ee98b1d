// Starts the real program on a data folder of its own and a real Chromium; journeys do the rest.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, mkdirSync, readFileSync, existsSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const axeSource = readFileSync(path.join(here, "node_modules/axe-core/axe.min.js"), "utf8");
export const PICTURES = path.join(here, "out");
mkdirSync(PICTURES, { recursive: true });

/** The databases each journey is walked on. */
export function databases() {
  const postgres = process.env.GONGKAI_TEST_POSTGRES;
  if (!postgres) console.error("GONGKAI_TEST_POSTGRES is not set: the journeys run on SQLite only");
  return postgres ? ["SQLite", "PostgreSQL"] : ["SQLite"];
}

function binary() {
  // Not GONGKAI_…: the program would take it for a setting of its own.
  const given = process.env.JOURNEY_BINARY;
  const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
  const found = given ?? path.join(target, "debug", "gongkai");
  assert.ok(existsSync(found), `${found} is missing: run cargo build first`);
  return found;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve(output) : reject(new Error(`${command}: ${output}`))));
  });
}

/** A database of its own on the test server. */
async function freshPostgres() {
  const server = new URL(process.env.GONGKAI_TEST_POSTGRES);
  const name = `journeys_${process.pid}_${Date.now()}`;
  await run("psql", [server.href, "-qc", `CREATE DATABASE ${name}`]);
  const url = new URL(server.href);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs `gongkai demo` and waits until it serves. */
export async function startDemo(database) {
  const data = mkdtempSync(path.join(tmpdir(), "gongkai-journey-"));
  const port = await freePort();
  const args = ["demo", "--data", data, "--listen", `127.0.0.1:${port}`];
  if (database === "PostgreSQL") args.push("--database", await freshPostgres());
  const child = spawn(binary(), args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  const address = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 300_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`gongkai demo ended: ${output}`);
    if (Date.now() > deadline) throw new Error(`gongkai demo did not serve: ${output}`);
    try {
      if ((await fetch(address)).ok) break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  const stop = () =>
    new Promise((resolve) => {
      child.on("exit", () => {
        rmSync(data, { recursive: true, force: true });
        resolve();
      });
      child.kill("SIGTERM");
    });
  return { address, stop };
}

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
  "--disable-background-networking", "--disable-component-update"];

export function startBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/** A visitor with a browser of their own; every page they see must be free of errors and of serious barriers. */
export class Visitor {
  static async arrive(browser, address, { phone = false, scripts = true } = {}) {
    const context = await browser.newContext({
      baseURL: address,
      locale: "zh-CN",
      timezoneId: "Asia/Shanghai",
      bypassCSP: true, // axe is brought in from outside; the policy itself is asserted in the route tests
      javaScriptEnabled: scripts,
      viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
      isMobile: phone,
    });
    const page = await context.newPage();
    const visitor = new Visitor();
    Object.assign(visitor, { context, page, problems: [] });
    page.on("pageerror", (error) => visitor.problems.push(`script error: ${error.message}`));
    page.on("response", (response) => {
      if (response.status() >= 500) visitor.problems.push(`${response.status()} from ${response.url()}`);
    });
    return visitor;
  }

  static async signedIn(browser, address, username, options) {
    const visitor = await Visitor.arrive(browser, address, options);
    await visitor.go("/sign-in");
    await visitor.page.getByLabel("用户名").fill(username);
    await visitor.page.getByLabel("密码").fill("gongkai-demo");
    await visitor.page.getByRole("button", { name: "登录" }).click();
    await visitor.page.waitForURL("**/console");
    return visitor;
  }

  async go(where) {
    const response = await this.page.goto(where);
    assert.ok(response.status() < 400, `${where} answered ${response.status()}`);
  }

  async sees(text) {
    const shown = await this.page.locator("body").innerText();
    assert.ok(shown.includes(text), `“${text}” is not on ${this.page.url()}:\n${shown.slice(0, 1500)}`);
  }

  async doesNotSee(text) {
    const shown = await this.page.locator("body").innerText();
    assert.ok(!shown.includes(text), `“${text}” is on ${this.page.url()}`);
  }

  /** No serious or critical finding of axe on this page, and nothing wider than the screen. */
  async hasNoBarriers() {
    await this.page.evaluate(axeSource);
    const { violations } = await this.page.evaluate(() =>
      globalThis.axe.run(document, { resultTypes: ["violations"] }));
    const serious = violations.filter((v) => ["serious", "critical"].includes(v.impact));
    const told = serious.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.slice(0, 3).map((n) => n.html).join("\n  ")}`);
    assert.deepEqual(told, [], `axe on ${this.page.url()}`);
    const tooWide = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(tooWide <= 1, `${this.page.url()} is ${tooWide}px wider than the screen`);
  }

  picture(name, { fullPage = true } = {}) {
    return this.page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage });
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.problems, []);
  }
}
