// A person with a browser that keeps cookies and fills in plain HTML forms: enough for pages that work without scripts.

const decode = (text) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<')
  .replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const attribute = (tag, name) => {
  const found = tag.match(new RegExp(`\\b${name}="([^"]*)"`));
  return found ? decode(found[1]) : undefined;
};

export class Person {
  #cookies = new Map();

  #origin;

  /** Opens `url` and follows redirects, as a browser does. The cookies stay at the origin of the first page. */
  async open(url, form) {
    let target = new URL(url);
    this.#origin ??= target.origin;
    let body = form && new URLSearchParams(form);
    for (let hop = 0; hop < 12; hop += 1) {
      const isOwn = target.origin === this.#origin;
      const answer = await fetch(target, {
        method: body ? 'POST' : 'GET', body, redirect: 'manual', headers: isOwn ? { cookie: this.#cookieHeader() } : {},
      });
      if (isOwn) this.#remember(answer);
      const next = answer.headers.get('location');
      const text = await answer.text();
      if (!next || answer.status < 300 || answer.status > 399) {
        return { url: target, status: answer.status, text };
      }
      target = new URL(next, target);
      body = undefined;
    }
    throw new Error(`more than 12 redirects, the last to ${target}`);
  }

  /** Sends a document, as the scripts of a page do, and returns the one in the response. */
  async call(url, document) {
    const { origin } = new URL(url);
    this.#origin ??= origin;
    const answer = await fetch(url, {
      method: 'POST', body: JSON.stringify(document), headers: { 'content-type': 'application/json', origin, cookie: this.#cookieHeader() },
    });
    this.#remember(answer);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${url} responds with ${answer.status}: ${text.slice(0, 400)}`);
    return JSON.parse(text);
  }

  /** Sends the first form of `page`, its hidden fields kept, with what the person typed. */
  async submit(page, typed) {
    const form = page.text.match(/<form\b[^>]*>/i)?.[0];
    if (!form) throw new Error(`no form on ${page.url} (status ${page.status}): ${page.text.slice(0, 400)}`);
    const fields = {};
    for (const [tag] of page.text.matchAll(/<input\b[^>]*type="hidden"[^>]*>/gi)) {
      fields[attribute(tag, 'name')] = attribute(tag, 'value') ?? '';
    }
    return this.open(new URL(attribute(form, 'action') ?? page.url, page.url), { ...fields, ...typed });
  }

  #cookieHeader() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #remember(answer) {
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(';');
      const split = pair.indexOf('=');
      const [name, value] = [pair.slice(0, split), pair.slice(split + 1)];
      if (value) this.#cookies.set(name, value); else this.#cookies.delete(name);
    }
  }
}
