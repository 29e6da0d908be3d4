// A file's bytes as text, and back without a changed byte outside of the edits.

import iconv from 'iconv-lite';

/** The largest file that is read, in bytes. Pages and programs that people write are far smaller. */
export const LARGEST = 2 << 20;

/** A line that nobody writes by hand, in characters. */
const LONGEST_LINE = 5000;

const BOMS = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf8' },
  { bytes: [0xff, 0xfe], encoding: 'utf16-le' },
  { bytes: [0xfe, 0xff], encoding: 'utf16-be' },
];

/** What a file without a byte order mark may be in: Korean pages are UTF-8, or EUC-KR with its extensions. */
const ENCODINGS = ['utf8', 'cp949'];

/** A reason to leave a file alone: a key of the messages. */
export class LeftAlone extends Error {
  constructor(reason, details = {}) {
    super(reason);
    this.reason = reason;
    this.details = details;
  }
}

/**
 * The text of a file, in an encoding that gives back the same bytes.
 * @param {Buffer} bytes
 * @returns {{text: string, encode: (text: string) => Buffer}}
 * @throws {LeftAlone} 'binary' or 'encoding'
 */
export function decode(bytes) {
  const bom = BOMS.find((known) => known.bytes.every((byte, i) => bytes[i] === byte));
  if (!bom && bytes.includes(0)) throw new LeftAlone('binary');
  const head = bytes.subarray(0, bom?.bytes.length ?? 0);
  for (const encoding of bom ? [bom.encoding] : ENCODINGS) {
    const encode = (text) => Buffer.concat([head, iconv.encode(text, encoding)]);
    const text = iconv.decode(bytes.subarray(head.length), encoding, { stripBOM: false });
    if (encode(text).equals(bytes)) return { text, encode };
  }
  throw new LeftAlone('encoding');
}

/** @returns {boolean} whether a program made this text */
export const isMinified = (name, text) => /[.-]min\.\w+$/.test(name) || text.split('\n').some((line) => line.length > LONGEST_LINE);
