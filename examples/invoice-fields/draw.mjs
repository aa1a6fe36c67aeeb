// Draws the invoices of this example, with tasks.jsonl beside them:
//
//   npm ci --prefix ../../e2e && node draw.mjs
//
// Each comes with what a program might have read on it, as the blocks of Amazon Textract: most of it right, some of it
// not (a letter taken for another, a field in the wrong place).

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { savePictures } from '../lib/pictures.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const [WIDTH, HEIGHT] = [560, 640];

const invoices = [
  { sender: 'Hollis & Daughter, Joiners', ink: '#2f4d3c', fields: { 'Invoice no.': '2025-0417', Date: '3 May 2025', 'Due date': '2 June 2025', Customer: 'Nether Cray School', Total: '1,284.50 EUR' }, read: { 'Invoice no.': '2025-O417' } },
  { sender: 'Quay Street Bakery', ink: '#8a4152', fields: { Invoice: 'Q 318', Date: '14 May 2025', Customer: 'Hotel Skerry', 'Payment within': '14 days', Total: '96.20 EUR' }, read: { Total: '90.20 EUR' } },
  { sender: 'Larkspur Bicycles', ink: '#1c4d88', fields: { Number: 'LB-77012', Date: '21 May 2025', Customer: 'Ada Marsh', 'Frame no.': 'KX 4402 B', Total: '22.50 EUR' }, read: {} },
  { sender: 'Alder Lock Nurseries', ink: '#4f6b2a', fields: { 'Invoice no.': '5590', Date: '30 May 2025', 'Due date': '29 June 2025', Customer: 'Town of Larkspur', Total: '4,031.00 EUR' }, read: { 'Due date': '30 May 2025', Customer: 'Town of Larkspor' } },
  { sender: 'Rudd Chimney Sweeps', ink: '#3b4252', fields: { Bill: '12 / 25', Date: '6 June 2025', Customer: 'Mill Hill Café', 'Next visit': 'June 2026', Total: '58.00 EUR' }, read: { Bill: '12 / 28' } },
  { sender: 'Fen Furniture', ink: '#6a3d8a', fields: { 'Invoice no.': 'F-10934', Date: '11 June 2025', 'Order no.': '5521', Customer: 'I. Calder', Total: '649.00 EUR' }, read: { 'Invoice no.': '5521', 'Order no.': 'F-10934' } },
];

const lineAt = (index) => 210 + index * 52;
const escape = (text) => text.replaceAll('&', '&amp;');

function paper({ sender, ink, fields }) {
  const lines = Object.entries(fields).map(([key, value], index) => {
    const y = lineAt(index);
    return `<text x="56" y="${y}" font-size="19" fill="#575c69">${key}</text><text x="250" y="${y}" font-size="20" fill="#1d2330">${escape(value)}</text><path d="M56 ${y + 16}H504" stroke="#dcd6ca"/>`;
  });
  return `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fffefb"/><rect width="${WIDTH}" height="10" fill="${ink}"/>
    <g font-family="sans-serif"><text x="56" y="86" font-size="26" font-weight="700" fill="${ink}">${escape(sender)}</text>
    <text x="56" y="118" font-size="15" fill="#575c69">Thank you for your order.</text>${lines.join('')}
    <text x="56" y="600" font-size="13" fill="#857f73">Please quote the number above with your payment.</text></g>`;
}

/** The words, keys and values of an invoice, with where they stand as fractions of the page. */
function blocksOf({ fields, read }) {
  return Object.keys(fields).flatMap((key, index) => {
    const value = read[key] ?? fields[key];
    const [top, bottom] = [(lineAt(index) - 24) / HEIGHT, (lineAt(index) + 10) / HEIGHT];
    const outline = (left, right) => ({ polygon: [[left, top], [right, top], [right, bottom], [left, bottom]].map(([x, y]) => ({ x: Number((x / WIDTH).toFixed(4)), y: Number(y.toFixed(4)) })) });
    const words = (part, text) => text.split(' ').map((word, place) => ({ id: `${part}${index}w${place}`, blockType: 'WORD', text: word }));
    const [keyWords, valueWords] = [words('k', key), words('v', value)];
    const ids = (list) => list.map(({ id }) => id);
    return [
      ...keyWords,
      ...valueWords,
      { id: `k${index}`, blockType: 'KEY_VALUE_SET', entityTypes: ['KEY'], geometry: outline(50, 230), relationships: [{ type: 'VALUE', ids: [`v${index}`] }, { type: 'CHILD', ids: ids(keyWords) }] },
      { id: `v${index}`, blockType: 'KEY_VALUE_SET', entityTypes: ['VALUE'], geometry: outline(244, 494), relationships: [{ type: 'CHILD', ids: ids(valueWords) }] },
    ];
  });
}

await savePictures(FOLDER, WIDTH, HEIGHT, invoices.map((invoice, index) => [`i${index + 1}`, paper(invoice)]));
const tasks = invoices.map((invoice, index) => JSON.stringify({ task: `i${index + 1}`, page: `pictures/i${index + 1}.png`, read: blocksOf(invoice) }));
await writeFile(`${FOLDER}tasks.jsonl`, `${tasks.join('\n')}\n`);
