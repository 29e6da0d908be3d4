// The script-tag file as a module. It sets window.Kakao, whose types are in index.d.ts; by require it also gives the
// same object.
export {};
