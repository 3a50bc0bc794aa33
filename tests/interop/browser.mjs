// A person at Debian's Chromium, on the page where a device is let in. Finds things as people do: by role and label.
//
// options: {"base": URL, "email": …, "password": …}
// requests: approve {code, …how} · deny {code, …how} · equal_weight {code} · refused {code, …how}
//           · sign_in {url, decision, …how} (from an authorization URL to the page of the program)
//           · keyboard_only {code, decision} · headers · forged {code} · screenshot {code, path, …how}
// how: {"scripts": false, "width": 320, "dark": true, "check": true (axe and no sideways scroll on every page)}
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { options, report, serveRequests } from './lib/channel.mjs';

const { base, email, password } = options();
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
  ],
});

const approveButton = (page) => page.getByRole('button', { name: /^(approve|allow)/i });
const denyButton = (page) => page.getByRole('button', { name: /^(deny|decline)/i });
const onward = (page) => page.getByRole('button', { name: /^(continue|next|sign in|check)/i });
const codeField = (page) => page.getByLabel(/code/i);
const passwordField = (page) => page.getByLabel(/password/i);
const emailField = (page) => page.getByLabel(/e-?mail/i);

/** A new visitor, without cookies; complaints of the browser's console fail the visit. */
async function visit({ scripts = true, width = 1024, dark = false, check = false, path = '/device', url = base + path }, act) {
  const context = await browser.newContext({
    javaScriptEnabled: scripts, viewport: { width, height: 720 }, colorScheme: dark ? 'dark' : 'light',
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.looked = async () => check && looksRight(page, width);
  try {
    await page.goto(url);
    const result = await act(page);
    // A refusal has a 4xx status, which Chromium notes on the console; everything else there is a fault.
    assert.deepEqual(complaints.filter((text) => !/the server responded with a status of 4/.test(text)), []);
    return result ?? null;
  } finally {
    await context.close();
  }
}

/** No accessibility violation, and nothing that has to be scrolled sideways. */
async function looksRight(page, width) {
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
  assert.ok(wide <= width, `${page.url()} is ${wide} px wide in ${width}`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' ')}`);
  assert.deepEqual(found, [], `${await page.title()} (${page.url()})`);
}

/**
 * From whatever page comes first to the one with the decision: types the code and signs in where asked. Gives false
 * where it ends before: the page shows an error, or has no next step.
 */
async function reaches(page, code) {
  for (let pages = 0; pages < 5; pages += 1) {
    await page.looked();
    if (await approveButton(page).isVisible()) return true;
    if (await page.getByRole('alert').isVisible() || !(await onward(page).first().isVisible())) return false;
    if (await codeField(page).isVisible()) await codeField(page).fill(code);
    if (await emailField(page).isVisible()) await emailField(page).fill(email);
    if (await passwordField(page).isVisible()) await passwordField(page).fill(password);
    await onward(page).first().click();
    await page.waitForLoadState();
  }
  throw new Error(`five pages, and no decision is asked for: ${await page.innerText('body')}`);
}

async function toTheDecision(page, code) {
  assert.ok(await reaches(page, code), `no decision is asked for: ${await page.innerText('body')}`);
}

async function decide(page, code, button) {
  await toTheDecision(page, code);
  const asked = await page.innerText('body');
  await button(page).click();
  await page.waitForLoadState();
  await page.looked();
  return { asked, shown: await page.innerText('body') };
}

/** Moves the focus with Tab alone until it stands on `target`. */
async function tabTo(page, target) {
  for (let presses = 0; presses < 30; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      const outline = await target.evaluate((element) => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
      });
      assert.ok(outline, `the focus on ${await target.innerText()} cannot be seen`);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error('the keyboard does not reach it');
}

const weight = (button) => button.evaluate((element) => {
  const { fontSize, fontWeight } = getComputedStyle(element);
  return { height: Math.round(element.getBoundingClientRect().height), fontSize, fontWeight };
});

serveRequests({
  approve: ({ code, ...how }) => visit(how, (page) => decide(page, code, approveButton)),

  deny: ({ code, ...how }) => visit(how, (page) => decide(page, code, denyButton)),

  // What is left in the browser after the redirect to the program: nothing of the code.
  sign_in: ({ url, decision, ...how }) => visit({ ...how, url }, async (page) => {
    const received = page.waitForResponse((response) => new URL(response.url()).pathname === '/callback');
    await decide(page, '', decision === 'deny' ? denyButton : approveButton);
    const response = await received;
    await page.waitForLoadState();
    const stored = await page.evaluate(() => ({
      address: location.href, referrer: document.referrer, title: document.title, text: document.body.innerText,
    }));
    const entries = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
    const sent = await response.request().allHeaders();
    return {
      ...stored, entries, status: response.status(), headers: await response.allHeaders(), sent_referrer: sent.referer ?? '',
    };
  }),

  equal_weight: ({ code }) => visit({}, async (page) => {
    await toTheDecision(page, code);
    assert.deepEqual(await weight(approveButton(page)), await weight(denyButton(page)));
  }),

  // What the page shows for an unknown, an expired or a used code.
  refused: ({ code, ...how }) => visit(how, async (page) => {
    assert.ok(!(await reaches(page, code)), 'a decision is asked for');
    const [alert, heading] = [page.getByRole('alert'), page.getByRole('heading', { level: 1 })];
    return { shown: await (await alert.isVisible() ? alert : heading).innerText() };
  }),

  keyboard_only: ({ code, decision }) => visit({}, async (page) => {
    for (let pages = 0; pages < 4 && !(await approveButton(page).isVisible()); pages += 1) {
      for (const [field, text] of [[codeField, code], [emailField, email], [passwordField, password]]) {
        if (!(await field(page).isVisible())) continue;
        await tabTo(page, field(page));
        await page.keyboard.press('Control+A');
        await page.keyboard.type(text);
      }
      await page.keyboard.press('Enter');
      await page.waitForLoadState();
      await page.waitForTimeout(150);
    }
    const button = decision === 'deny' ? denyButton(page) : approveButton(page);
    await tabTo(page, button);
    await page.keyboard.press('Enter');
    await page.waitForLoadState();
    await page.waitForTimeout(150);
    return { shown: await page.innerText('body') };
  }),

  headers: () => visit({}, async (page) => {
    const answer = await page.request.get(`${base}/device`);
    const inline = await page.evaluate(() => [...document.querySelectorAll('*')]
      .flatMap((element) => [...element.attributes].map((attribute) => attribute.name))
      .filter((name) => name.startsWith('on')));
    return { headers: answer.headers(), inline, scripts: await page.locator('script').count() };
  }),

  // A foreign page that posts the person's decision: it has the cookies, not the form's token.
  forged: ({ code }) => visit({}, async (page) => {
    await toTheDecision(page, code);
    const form = approveButton(page).locator('xpath=ancestor::form');
    const action = await form.evaluate((element) => element.action);
    const fields = await form.evaluate((element) => Object.fromEntries(
      [...new FormData(element)].filter(([name]) => !/csrf|token/i.test(name)),
    ));
    const button = await approveButton(page).evaluate((element) => [element.name, element.value]);
    const answer = await page.request.post(action, {
      form: { ...fields, ...(button[0] ? { [button[0]]: button[1] } : {}) },
    });
    return { status: answer.status() };
  }),

  screenshot: ({ code, path, ...how }) => visit(how, async (page) => {
    await page.screenshot({ path: `${path}-first.png` });
    await toTheDecision(page, code);
    await page.screenshot({ path: `${path}-decision.png` });
  }),
});
process.stdin.on('end', () => browser.close());
report({ ready: { version: browser.version() } });
