/** A strict reader of the XML that we write, for tests: whatever it does not know, it refuses. */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Its own text, without that of its children and the white space between them. */
  readonly text: string;
}

const NAME = '[A-Za-z_][\\w.-]*';
/** Characters that XML 1.0 allows (production 2), written as they are. */
const CHARACTER = '[\\t\\n\\r\\u{20}-\\u{d7ff}\\u{e000}-\\u{fffd}\\u{10000}-\\u{10ffff}]';
const TOKEN = new RegExp(
  `<(?<close>/)?(?<name>${NAME})(?<attributes>(?:\\s+${NAME}="[^"<]*")*)\\s*(?<empty>/)?>|(?<text>[^<]+)`,
  'uy',
);

export function parseXml(document: string): Element {
  if (!new RegExp(`^(?:${CHARACTER})*$`, 'u').test(document)) throw new Error('a character that XML does not allow');
  const head = '<?xml version="1.0" encoding="UTF-8"?>';
  if (!document.startsWith(head)) throw new Error('no XML declaration');
  type Open = { name: string; attributes: Record<string, string>; children: Element[]; text: string };
  const root: Open = { name: '', attributes: {}, children: [], text: '' };
  const stack = [root];
  TOKEN.lastIndex = head.length;
  while (TOKEN.lastIndex < document.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(document)?.groups;
    if (groups === undefined) throw new Error(`no XML at ${at}: ${document.slice(at, at + 40)}`);
    const top = stack[stack.length - 1];
    if (groups.text !== undefined) {
      top.text += resolved(groups.text);
    } else if (groups.close !== undefined) {
      if (top.name !== groups.name || groups.attributes !== '') throw new Error(`</${groups.name}> closes ${top.name}`);
      stack.pop();
      stack[stack.length - 1].children.push({ ...top, text: top.text.trim() });
    } else {
      const element: Open = { name: groups.name, attributes: attributesOf(groups.attributes), children: [], text: '' };
      if (groups.empty === undefined) stack.push(element);
      else top.children.push(element);
    }
  }
  if (stack.length > 1 || root.children.length !== 1 || root.text.trim() !== '')
    throw new Error('not one whole element');
  return root.children[0];
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(new RegExp(`(${NAME})="([^"]*)"`, 'gu'))) {
    if (Object.hasOwn(attributes, name)) throw new Error(`${name} is there twice`);
    // Readers make spaces of white space that is written as it is.
    attributes[name] = resolved(value.replaceAll(/[\t\n\r]/g, ' '));
  }
  return attributes;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolved(text: string): string {
  return text.replaceAll(/&(#\d+|\w*);?/g, (reference, name: string) => {
    if (!reference.endsWith(';')) throw new Error(`a bare & before ${name}`);
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    if (!Object.hasOwn(ENTITIES, name)) throw new Error(`no entity ${reference}`);
    return ENTITIES[name];
  });
}
