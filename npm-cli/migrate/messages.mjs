// What the command says, in both languages. docs/korean.md has the rules of the Korean texts.

const GUIDE = 'https://github.com/kakaowasm/kakaowasm/blob/main/docs/migration';

/** By what a person must decide. Each gets the details of the first place, and the project. */
export const DECISIONS = {
  stays: {
    en: ({ stays }) => `${stays.join(', ')}: kakaowasm has no such part. Keep Kakao's script before ours, and hand the token over to the parts that need one.`,
    ko: ({ stays }) => `${stays.join(', ')}: kakaowasm에 없는 기능입니다. 카카오의 스크립트를 kakaowasm보다 먼저 로드하고, 토큰이 필요한 기능에는 토큰을 넘겨주세요.`,
  },
  loadOrder: {
    en: ({ script }) => `Kakao's script must be there before ours. Load ${script} once Kakao's script has loaded, and take async off both.`,
    ko: ({ script }) => `카카오의 스크립트가 kakaowasm보다 먼저 실행돼야 합니다. 카카오의 스크립트를 로드한 다음 ${script}를 로드하고, 둘 다 async를 빼세요.`,
  },
  address: {
    en: ({ script }) => `The address of a script of Kakao is put together here, or it holds one part of the SDK only. If it is for logging in, load ${script} in its place.`,
    ko: ({ script }) => `카카오 스크립트의 주소를 코드로 조합하거나, SDK의 일부만 담은 스크립트를 쓰고 있습니다. 로그인에 쓴다면 ${script}로 바꾸세요.`,
  },
  localCopy: {
    en: ({ script }) => `This looks like a copy of Kakao's script on your own server. If it is, load ${script} in its place.`,
    ko: ({ script }) => `서버에 복사해 둔 카카오 스크립트로 보입니다. 맞다면 ${script}로 바꾸세요.`,
  },
  ownBackEnd: {
    en: ({ server }) => `A redirectUri of your own: your back end goes on exchanging the code, as before. To have the SDK complete the login instead, pass the address of ${server}/callback.`,
    ko: ({ server }) => `자신의 redirectUri를 쓰고 있습니다. 지금처럼 백엔드가 코드를 교환하면 고칠 것이 없습니다. SDK가 로그인을 끝까지 처리하게 하려면 ${server}/callback의 주소를 넘기세요.`,
  },
  exchange: {
    en: () => 'A code is exchanged here. In a page, remove this together with any client secret: the token server exchanges the code. In a back end it may stay, for redirect URIs of its own.',
    ko: () => '여기서 인가 코드를 교환합니다. 페이지의 코드라면 클라이언트 시크릿과 함께 지우세요. 교환은 토큰 서버가 합니다. 백엔드라면 자신의 리다이렉트 URI에는 그대로 쓸 수 있습니다.',
  },
  ownRequest: {
    en: () => 'The request for a code is put together by hand, so the SDK does not know of this login. Call Kakao.Auth.login or authorize, or leave it to the back end that gets the code.',
    ko: () => '인가 코드 요청을 직접 만들고 있어 SDK는 이 로그인을 알지 못합니다. Kakao.Auth.login이나 authorize를 호출하거나, 코드를 받는 백엔드에 맡기세요.',
  },
  refreshToken: {
    en: () => 'The refresh token stays on the token server and is in no answer. Do not read it; the guide says what to do where it went to your back end.',
    ko: () => '리프레시 토큰은 토큰 서버에만 있고 응답에는 없습니다. 읽지 마세요. 백엔드로 보내던 경우에는 안내를 참고하세요.',
    anchor: { en: '#the-refresh-token-in-your-back-end', ko: '#백엔드가-쓰던-리프레시-토큰' },
  },
  issueAccessToken: {
    en: () => 'The token server exchanges this code. Start it with --redirect-uri and exactly this redirect URI, and compare state in the page.',
    ko: () => '이 코드는 토큰 서버가 교환합니다. 같은 리다이렉트 URI를 --redirect-uri로 등록하고, state는 페이지에서 확인하세요.',
  },
  setAccessToken: {
    en: () => 'A token that the page sets by itself is not renewed. After Kakao.Auth.login the SDK has the token already: then remove this line.',
    ko: () => '페이지가 직접 넣은 토큰은 갱신하지 않습니다. Kakao.Auth.login을 썼다면 SDK에 이미 토큰이 있으니 이 줄을 지우세요.',
  },
  version: {
    en: () => 'Kakao.VERSION is that of kakaowasm. Do not compare it with 1. or 2.',
    ko: () => 'Kakao.VERSION은 kakaowasm의 버전입니다. 1.이나 2.로 시작하는지 비교하지 마세요.',
  },
  apiAddress: {
    en: ({ addresses }) => `Kakao.API.request knows the ${addresses} addresses of SDK v1 and v2, and this is none of them. Call it with fetch and Kakao.Auth.getAccessToken().`,
    ko: ({ addresses }) => `Kakao.API.request는 SDK v1과 v2의 주소 ${addresses}개를 지원하며 이 주소는 여기에 없습니다. fetch와 Kakao.Auth.getAccessToken()으로 호출하세요.`,
  },
  csp: {
    en: ({ missing }) => `Add to the Content-Security-Policy: ${missing}.`,
    ko: ({ missing }) => `Content-Security-Policy에 다음을 더하세요. ${missing}`,
  },
  wrapper: {
    en: () => 'react-kakao-login loads SDK v1 by itself, over any other. Replace it with kakaowasm/react, or with a button that calls Kakao.Auth.login.',
    ko: () => 'react-kakao-login은 SDK v1을 직접 로드해 다른 SDK를 덮어씁니다. kakaowasm/react나 Kakao.Auth.login을 호출하는 버튼으로 바꾸세요.',
    anchor: { en: '#from-react-kakao-login', ko: '#react-kakao-login에서' },
  },
  typesImport: {
    en: () => "kakaowasm brings its own types: import { Kakao } from 'kakaowasm' in place of this, or remove it.",
    ko: () => "kakaowasm에는 타입이 들어 있습니다. 이 줄을 지우거나 import { Kakao } from 'kakaowasm'으로 바꾸세요.",
  },
  bareTypes: {
    en: () => 'The types of kakaowasm are in a namespace. Put `import Kakao = kakaowasm.Kakao;` into a declaration file.',
    ko: () => 'kakaowasm의 타입은 네임스페이스 안에 있습니다. 선언 파일에 `import Kakao = kakaowasm.Kakao;`를 넣으세요.',
  },
};

/** Why a file is left alone, and what to do. */
export const REASONS = {
  unreadable: {
    en: ({ code }) => `cannot be read (${code}); make it readable and run this again`,
    ko: ({ code }) => `읽을 수 없습니다(${code}). 읽기 권한을 확인하고 다시 실행하세요`,
  },
  unwritable: {
    en: ({ code }) => `cannot be written (${code}); make its folder writable and run this again`,
    ko: ({ code }) => `쓸 수 없습니다(${code}). 폴더의 쓰기 권한을 확인하고 다시 실행하세요`,
  },
  changed: {
    en: () => 'was changed by another program meanwhile; run this again',
    ko: () => '그 사이에 다른 프로그램이 바꿨습니다. 다시 실행하세요',
  },
  binary: {
    en: () => 'names Kakao and holds bytes that are no text; look at it by hand',
    ko: () => '카카오가 나오지만 텍스트 파일이 아닙니다. 직접 확인하세요',
  },
  encoding: {
    en: () => 'is neither UTF-8, UTF-16 nor EUC-KR; save it as UTF-8 and run this again, or change it by hand',
    ko: () => 'UTF-8, UTF-16, EUC-KR 어느 것도 아닙니다. UTF-8로 저장하고 다시 실행하거나 직접 고치세요',
  },
  tooLarge: {
    en: ({ limit }) => `is larger than ${limit} MB; change it by hand, or where it comes from`,
    ko: ({ limit }) => `${limit}MB보다 큽니다. 직접 고치거나 원본을 고치세요`,
  },
  minified: {
    en: () => 'names Kakao and was written by a program; change its source and build it again',
    ko: () => '카카오가 나오지만 프로그램이 만든 파일입니다. 소스를 고치고 다시 빌드하세요',
  },
  syntax: {
    en: ({ line }) => `cannot be understood from line ${line} on; mend that line and run this again, or change the file by hand`,
    ko: ({ line }) => `${line}행부터 해석할 수 없습니다. 그 줄을 고치고 다시 실행하거나 파일을 직접 고치세요`,
  },
  tooDeep: {
    en: () => 'is nested too deeply to be read; change it by hand',
    ko: () => '너무 깊게 중첩돼 읽을 수 없습니다. 직접 고치세요',
  },
  unsure: {
    en: () => 'could not be changed safely; change it by hand and report it with the file',
    ko: () => '안전하게 고칠 수 없었습니다. 직접 고치고, 이 파일을 첨부해 이슈로 알려 주세요',
  },
};

const TEXTS = {
  usage: {
    en: `Usage: kakaowasm migrate <folder> [options]

Finds pages and programs that use Kakao's JavaScript SDK v1 or v2, react-kakao-login or
@types/kakao-js-sdk, and shows what would change as a diff, and what you must decide.

  --write           change the files; a file is changed as a whole or not at all
  --server ADDRESS  where the token server is, as the page sees it (default /kakao)
  --lang LANGUAGE   ko or en (default: that of LC_ALL, LC_MESSAGES or LANG)
  --help            this text

Exit code: 0 if every file could be read, 1 if one was left alone, 2 for wrong options.`,
    ko: `사용법: kakaowasm migrate <폴더> [옵션]

카카오 JavaScript SDK v1이나 v2, react-kakao-login, @types/kakao-js-sdk를 쓰는 페이지와 코드를 찾아
바뀔 내용을 diff로 보여 주고, 직접 결정할 것을 알려 줍니다.

  --write           파일을 고칩니다. 파일마다 전부 고치거나 전혀 고치지 않습니다
  --server ADDRESS  페이지에서 본 토큰 서버의 주소(기본값 /kakao)
  --lang LANGUAGE   ko 또는 en(기본값: LC_ALL, LC_MESSAGES, LANG의 언어)
  --help            이 도움말

종료 코드: 모두 읽었으면 0, 건너뛴 파일이 있으면 1, 옵션이 잘못됐으면 2입니다.`,
  },
  noFolder: { en: () => 'expected one folder; try: kakaowasm migrate . --help', ko: () => '폴더 하나를 지정하세요. 예: kakaowasm migrate .' },
  notAFolder: {
    en: ({ path, code }) => `expected a folder, and ${path} is none (${code}); name the folder that holds your pages`,
    ko: ({ path, code }) => `${path}: 폴더가 아닙니다(${code}). 페이지가 있는 폴더를 지정하세요`,
  },
  wrongOption: { en: ({ message }) => `${message}; try --help`, ko: ({ message }) => `옵션이 잘못됐습니다(${message}). --help를 참고하세요` },
  wrongServer: {
    en: ({ server }) => `--server: expected a path such as /kakao or an https address, got ${server}`,
    ko: ({ server }) => `--server: /kakao 같은 경로나 https 주소여야 합니다(받은 값: ${server})`,
  },
  wrongLanguage: { en: ({ lang }) => `--lang: expected ko or en, got ${lang}`, ko: ({ lang }) => `--lang: ko나 en이어야 합니다(받은 값: ${lang})` },
  nothing: { en: () => 'Nothing here uses the Kakao SDK for logging in.', ko: () => '카카오 SDK로 로그인하는 코드가 없습니다.' },
  onlyStays: {
    en: ({ stays }) => `Only ${stays.join(', ')} of the Kakao SDK is used here, which stays with Kakao's own script. There is nothing to migrate.`,
    ko: ({ stays }) => `카카오 SDK에서 ${stays.join(', ')}만 쓰고 있습니다. 카카오의 스크립트를 그대로 쓰면 되고, 옮길 것은 없습니다.`,
  },
  changes: { en: ({ n }) => `${n} ${n === 1 ? 'file' : 'files'} would change. Run again with --write to change them.`, ko: ({ n }) => `파일 ${n}개가 바뀝니다. 고치려면 --write를 붙여 다시 실행하세요.` },
  written: { en: ({ n }) => `${n} ${n === 1 ? 'file' : 'files'} changed:`, ko: ({ n }) => `파일 ${n}개를 고쳤습니다.` },
  unchanged: { en: () => 'No file needs to change.', ko: () => '고칠 파일이 없습니다.' },
  decide: { en: () => 'To decide:', ko: () => '직접 결정할 것:' },
  leftAlone: { en: () => 'Left alone:', ko: () => '건너뛴 파일:' },
  next: {
    en: ({ server, install }) => `Then:\n${install ? '  - npm install: package.json names other packages.\n' : ''}  - Start the token server behind ${server}, and register its address with /callback as a redirect URI in Kakao's console.\n  - Read what differs: ${GUIDE}.md`,
    ko: ({ server, install }) => `다음으로:\n${install ? '  - package.json의 패키지가 바뀌었으니 npm install을 실행하세요.\n' : ''}  - 토큰 서버를 ${server}에 띄우고, 뒤에 /callback을 붙인 주소를 카카오디벨로퍼스 콘솔에 리다이렉트 URI로 등록하세요.\n  - 달라지는 점을 확인하세요. ${GUIDE}.ko.md`,
  },
};

/** The language of the messages: by the option, or else by the locale (POSIX.1-2024, section 8.2). */
export const languageOf = (option, env) => option ?? ((env.LC_ALL || env.LC_MESSAGES || env.LANG || '').startsWith('ko') ? 'ko' : 'en');

/** Says things in a language. */
export function speaker(language) {
  const guide = language === 'ko' ? `${GUIDE}.ko.md` : `${GUIDE}.md`;
  return {
    say: (name, details = {}) => (typeof TEXTS[name][language] === 'string' ? TEXTS[name][language] : TEXTS[name][language](details)),
    decision: (what, details) => DECISIONS[what][language](details) + (DECISIONS[what].anchor ? ` ${guide}${DECISIONS[what].anchor[language]}` : ''),
    reason: (name, details) => REASONS[name][language](details),
  };
}
