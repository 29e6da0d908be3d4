// UTF-8 for pages without TextEncoder and TextDecoder, as jsdom in Jest makes them: the toolchain's glue needs both.

/** As the TextEncoder of the Encoding Standard, as far as the glue uses it. */
class Encoder {
  /** @param {string} text */
  encode(text) {
    const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd'); // with the flag u, halves of a pair are none
    return Uint8Array.from(unescape(encodeURIComponent(wellFormed)), (c) => c.charCodeAt(0));
  }

  /**
   * @param {string} text
   * @param {Uint8Array} room
   */
  encodeInto(text, room) {
    const bytes = this.encode(text);
    room.set(bytes);
    return { written: bytes.length };
  }
}

/** As the TextDecoder of the Encoding Standard, as far as the glue uses it. */
class Decoder {
  /** @param {DataView|Uint8Array} view */
  decode(view) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    return decodeURIComponent(escape(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')));
  }
}

/** The page's own two, or these: what others put into a page for want of them often cannot encode into memory. */
export const textCoding = () => ({
  TextEncoder: typeof TextEncoder === 'undefined' || !TextEncoder.prototype.encodeInto ? Encoder : TextEncoder,
  TextDecoder: typeof TextDecoder === 'undefined' ? Decoder : TextDecoder,
});
