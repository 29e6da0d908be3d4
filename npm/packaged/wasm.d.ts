// What an import of kakao.wasm gives is the bundler's choice; where it is taken for an asset, it is the address. Pass
// that to Kakao.load of kakaowasm/lite.
declare const address: string;

export default address;
