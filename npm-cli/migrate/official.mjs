// What the official SDKs are known by in pages: addresses of their scripts, parts of the object `Kakao`.
// Source: Kakao Developers, "JavaScript SDK > Getting started", and the legacy reference of 1.43.5.

/** The whole script of SDK v1 or v2, in any of the addresses that it was ever published under. */
const SCRIPT = /^(?:https?:)?\/\/(?:developers\.kakao\.com\/sdk\/js\/kakao(?:-[\w.]+?)?(?:\.min)?\.js|t1\.kakaocdn\.net\/kakao_js_sdk\/(?:v1|v2|[\d.]+)\/kakao(?:\.min)?\.js)(?:[?#].*)?$/i;

/** A script of the SDK whose address is put together by a program, or that holds one part only. */
const PIECE = /(?:developers\.kakao\.com\/sdk\/js|t1\.kakaocdn\.net\/kakao_js_sdk)\//i;

/** The script of kakaowasm, as the token server serves it. */
const OURS = /\/sdk\/[^/]+\/kakao(?:\.[\w-]+)?\.js(?:[?#].*)?$/;

/** What people call a copy of an official SDK on a server of their own. */
const COPY = /(?:^|\/)kakao(?:-[\d.]+\d)?(?:\.min)?\.js(?:[?#].*)?$/i;

/** @returns {boolean} whether an address is that of an official SDK as a whole */
export const isOfficialScript = (address) => SCRIPT.test(address.trim());

/** @returns {boolean} whether a text is a part of such an address, or the script of one part of the SDK */
export const isPieceOfOfficialScript = (text) => PIECE.test(text);

/** @returns {boolean} whether an address is that of kakaowasm's script */
export const isOurScript = (address) => OURS.test(address.trim()) && !PIECE.test(address);

/** Parts of `Kakao` that only the official SDKs have. */
export const STAYS = new Set(['Share', 'Link', 'Channel', 'PlusFriend', 'Story', 'Navi', 'Picker']);

/** Parts of `Kakao` that kakaowasm takes the place of. */
export const MOVES = new Set(['Auth', 'API']);

/** The published wrapper for React, and the published types of v1. */
export const WRAPPER = 'react-kakao-login';
export const TYPES = 'kakao-js-sdk';

/** Whether a file is worth reading at all: a page or a program that has to do with Kakao names it. */
export const MENTIONS = /kakao/i;

/** @returns {boolean} whether an address is probably that of a copy of an official SDK */
export const isCopyOfOfficialScript = (address) => COPY.test(address.trim()) && !isOurScript(address) && !isOfficialScript(address);
