// A reader of XML that is as strict as these documents need: whatever is not well-formed fails.

/** The elements of a document with their attributes and their own text, in the order of their ends. */
export type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
};

const TOKEN = /<(\/?)([a-z]+)((?:\s+[a-zA-Z0-9:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;

/** Reads a document. @throws Error where it is not well-formed */
export function elementsOf(xml: string): readonly Element[] {
  const open: Element[] = [];
  const done: Element[] = [];
  TOKEN.lastIndex = 0;
  for (let end = 0; end < xml.length; end = TOKEN.lastIndex) {
    const match = TOKEN.exec(xml);
    if (match === null) throw new Error(`not well-formed at ${xml.slice(end, end + 80)}`);
    const [, closing, name = '', attributes = '', alone, text] = match;
    if (text !== undefined) addText(open, text);
    else if (closing === '/') close(open, done, name);
    else {
      open.push({ name, attributes: attributesOf(attributes), text: '' });
      if (alone === '/') close(open, done, name);
    }
  }
  if (open.length > 0) throw new Error(`${open.at(-1)?.name} is not closed`);
  return done;
}

function addText(open: readonly Element[], text: string): void {
  const element = open.at(-1);
  if (element === undefined && text.trim() !== '') throw new Error(`text outside: ${text}`);
  if (element !== undefined) element.text += unescape(text);
}

function close(open: Element[], done: Element[], name: string): void {
  const element = open.pop();
  if (element?.name !== name) throw new Error(`${name} closes ${element?.name ?? 'nothing'}`);
  done.push(element);
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/([a-zA-Z0-9:-]+)="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, unescape(value)]));
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function unescape(text: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/u.test(text))
    throw new Error('a character that XML lacks');
  return text.replaceAll(/&([^;]*;?)/g, (_, name: string) => {
    const character = ENTITIES[name.replace(/;$/, '')];
    if (character === undefined || !name.endsWith(';')) throw new Error(`unknown entity &${name}`);
    return character;
  });
}
