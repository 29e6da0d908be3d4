// What a script-tag page writes into its kakao.d.ts, under another name than Kakao: that one belongs to
// @types/kakao-js-sdk where that is installed too, as it is for ../types.test-d.ts, which uses this.

/// <reference path="../index.d.ts" />
import OurKakao = kakaowasm.Kakao;
