package pages

import (
	g "maragu.dev/gomponents"

	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
)

// phrases are the fixed texts of the pages.
var phrases = map[string]language.Text{
	"badge":  {Ko: "에뮬레이터", En: "Emulator", Ja: "エミュレーター", Zh: "模拟器"},
	"notice": {Ko: "이 컴퓨터에서만 동작하는 연습용 페이지입니다. 실제 카카오계정을 입력하지 마세요.", En: "A practice page on this computer only. Do not enter a real Kakao Account.", Ja: "このコンピューターだけで動く練習用ページです。実際のカカオアカウントは入力しないでください。", Zh: "这是仅在本机运行的练习页面，请勿输入真实的 Kakao 账号。"},
	"cancel": {Ko: "취소", En: "Cancel", Ja: "キャンセル", Zh: "取消"},

	"login.title":  {Ko: "카카오계정 로그인", En: "Kakao Account login", Ja: "カカオアカウントでログイン", Zh: "登录 Kakao 账号"},
	"login.lead":   {Ko: "어떤 계정으로 로그인할까요?", En: "Which account do you want to use?", Ja: "どのアカウントでログインしますか？", Zh: "要用哪个账号登录？"},
	"login.to":     {Ko: "로그인 후 이동할 서비스", En: "You are signing in to", Ja: "ログイン先のサービス", Zh: "登录后前往"},
	"login.or":     {Ko: "또는 이메일이나 전화번호로", En: "or by e-mail or phone", Ja: "またはメールか電話番号で", Zh: "或使用邮箱、手机号"},
	"login.email":  {Ko: "이메일 또는 전화번호", En: "E-mail or phone number", Ja: "メールアドレスまたは電話番号", Zh: "邮箱或手机号"},
	"login.submit": {Ko: "로그인", En: "Log in", Ja: "ログイン", Zh: "登录"},
	"login.nobody": {Ko: "이 에뮬레이터에 없는 계정입니다. 위 목록의 이메일을 입력해 주세요.", En: "There is no such account here. Enter an address from the list above.", Ja: "このエミュレーターにないアカウントです。上の一覧にあるアドレスを入力してください。", Zh: "模拟器中没有此账号，请输入上方列表中的邮箱。"},
	"login.noMail": {Ko: "이메일 없음", En: "No e-mail address", Ja: "メールアドレスなし", Zh: "无邮箱"},
	"login.empty":  {Ko: "아직 계정이 없습니다. 아래에서 만들어 주세요.", En: "There is no account yet. Create one below.", Ja: "まだアカウントがありません。下から作成してください。", Zh: "还没有账号，请在下方创建。"},
	"login.create": {Ko: "새 카카오계정 만들기", En: "Create a Kakao Account", Ja: "カカオアカウントを作成", Zh: "创建 Kakao 账号"},

	"chooser.title": {Ko: "계정 선택", En: "Choose an account", Ja: "アカウントの選択", Zh: "选择账号"},
	"chooser.other": {Ko: "다른 계정으로 로그인", En: "Use another account", Ja: "別のアカウントでログイン", Zh: "使用其他账号"},

	"create.title":    {Ko: "카카오계정 만들기", En: "Create a Kakao Account", Ja: "カカオアカウントの作成", Zh: "创建 Kakao 账号"},
	"create.nickname": {Ko: "닉네임", En: "Nickname", Ja: "ニックネーム", Zh: "昵称"},
	"create.email":    {Ko: "이메일 (선택)", En: "E-mail (optional)", Ja: "メールアドレス（任意）", Zh: "邮箱（选填）"},
	"create.submit":   {Ko: "만들고 계속하기", En: "Create and continue", Ja: "作成して続ける", Zh: "创建并继续"},
	"create.have":     {Ko: "기존 계정으로 로그인", En: "I have an account", Ja: "アカウントをお持ちの方", Zh: "已有账号"},
	"create.taken":    {Ko: "이미 쓰고 있는 이메일입니다.", En: "Another account has this address.", Ja: "このアドレスはすでに使われています。", Zh: "该邮箱已被使用。"},
	"create.invalid":  {Ko: "닉네임을 입력하고 이메일은 name@example.com 형식으로 적어 주세요.", En: "Enter a nickname, and an address such as name@example.com.", Ja: "ニックネームを入力し、メールアドレスは name@example.com の形式で入力してください。", Zh: "请输入昵称，邮箱格式应为 name@example.com。"},

	"consent.title":    {Ko: "동의하고 계속하기", En: "Agree and continue", Ja: "同意して続ける", Zh: "同意并继续"},
	"consent.lead":     {Ko: "서비스가 아래 정보를 요청합니다.", En: "This service asks for the following.", Ja: "サービスが次の情報を求めています。", Zh: "该服务请求获取以下信息。"},
	"consent.link":     {Ko: "카카오계정을 이 서비스와 연결합니다.", En: "Your account will be linked with this service.", Ja: "カカオアカウントをこのサービスと連携します。", Zh: "将把您的 Kakao 账号与该服务关联。"},
	"consent.all":      {Ko: "모두 동의하기", En: "Agree to all", Ja: "すべてに同意", Zh: "全部同意"},
	"consent.items":    {Ko: "개인정보와 접근 권한", En: "Information and permissions", Ja: "個人情報とアクセス権限", Zh: "个人信息与权限"},
	"consent.terms":    {Ko: "서비스 약관", En: "Terms", Ja: "利用規約", Zh: "服务条款"},
	"consent.required": {Ko: "필수", En: "Required", Ja: "必須", Zh: "必选"},
	"consent.optional": {Ko: "선택", En: "Optional", Ja: "任意", Zh: "可选"},
	"consent.inUse":    {Ko: "이용 중 동의", En: "In use", Ja: "利用中の同意", Zh: "使用时同意"},
	"consent.accept":   {Ko: "동의하고 계속하기", En: "Accept and continue", Ja: "同意して続ける", Zh: "同意并继续"},

	"logout.title":   {Ko: "로그아웃", En: "Log out", Ja: "ログアウト", Zh: "退出登录"},
	"logout.lead":    {Ko: "이 브라우저의 카카오계정에서도 로그아웃할까요?", En: "Log out of the Kakao Account in this browser as well?", Ja: "このブラウザーのカカオアカウントからもログアウトしますか？", Zh: "是否同时退出此浏览器中的 Kakao 账号？"},
	"logout.account": {Ko: "카카오계정과 함께 로그아웃", En: "Log out with the Kakao Account", Ja: "カカオアカウントからもログアウト", Zh: "连同 Kakao 账号一起退出"},
	"logout.service": {Ko: "이 서비스만 로그아웃", En: "Log out of this service only", Ja: "このサービスだけログアウト", Zh: "仅退出此服务"},

	"closed.title": {Ko: "이 창을 닫으셔도 됩니다", En: "You can close this window", Ja: "このウィンドウは閉じてかまいません", Zh: "可以关闭此窗口"},
	"closed.lead":  {Ko: "로그인을 시작한 화면으로 돌아가 주세요.", En: "Go back to where you started the login.", Ja: "ログインを始めた画面に戻ってください。", Zh: "请返回开始登录的页面。"},

	"front.title":      {Ko: "카카오 에뮬레이터", En: "Kakao emulator", Ja: "カカオエミュレーター", Zh: "Kakao 模拟器"},
	"front.lead":       {Ko: "이 컴퓨터에서 동작하는 카카오 로그인입니다. 아래 주소와 키를 앱에 설정하면 카카오계정 없이 로그인을 개발하고 테스트할 수 있습니다.", En: "Kakao Login on this computer. Give your app the addresses and keys below, and build and test its login without a Kakao Account.", Ja: "このコンピューターで動くカカオログインです。下のアドレスとキーをアプリに設定すると、カカオアカウントなしでログインを開発・テストできます。", Zh: "在本机运行的 Kakao 登录。将下面的地址和密钥配置到应用中，无需 Kakao 账号即可开发和测试登录。"},
	"front.doors":      {Ko: "바로가기", En: "Where to go", Ja: "リンク", Zh: "快捷链接"},
	"front.console":    {Ko: "콘솔", En: "Console", Ja: "コンソール", Zh: "控制台"},
	"front.guide":      {Ko: "안내서", En: "Guide", Ja: "ガイド", Zh: "指南"},
	"front.addresses":  {Ko: "주소", En: "Addresses", Ja: "アドレス", Zh: "地址"},
	"front.auth":       {Ko: "인가 서버", En: "Authorization server", Ja: "認証サーバー", Zh: "授权服务器"},
	"front.api":        {Ko: "REST API", En: "REST API", Ja: "REST API", Zh: "REST API"},
	"front.discovery":  {Ko: "OpenID 메타데이터", En: "OpenID metadata", Ja: "OpenIDメタデータ", Zh: "OpenID 元数据"},
	"front.rest":       {Ko: "REST API 키", En: "REST API key", Ja: "REST APIキー", Zh: "REST API 密钥"},
	"front.javascript": {Ko: "JavaScript 키", En: "JavaScript key", Ja: "JavaScriptキー", Zh: "JavaScript 密钥"},
	"front.secret":     {Ko: "클라이언트 시크릿", En: "Client secret", Ja: "クライアントシークレット", Zh: "客户端密钥"},
	"front.admin":      {Ko: "어드민 키", En: "Admin key", Ja: "アドミンキー", Zh: "管理密钥"},
	"front.redirects":  {Ko: "리다이렉트 URI", En: "Redirect URIs", Ja: "リダイレクトURI", Zh: "重定向 URI"},
	"front.register":   {Ko: "콘솔에서 등록하기", En: "Register one in the console", Ja: "コンソールで登録する", Zh: "在控制台中注册"},
	"front.noApps":     {Ko: "등록된 앱이 없습니다. 콘솔에서 등록해 주세요.", En: "There is no app yet. Register one in the console.", Ja: "アプリがまだありません。コンソールで登録してください。", Zh: "还没有应用，请在控制台中注册。"},
	"front.users":      {Ko: "사용자", En: "Users", Ja: "ユーザー", Zh: "用户"},
	"front.usersLead":  {Ko: "누르면 이 브라우저가 그 사용자로 카카오계정에 로그인합니다. 다음 로그인부터 계정을 묻지 않습니다.", En: "Press one to log this browser in to that Kakao Account. The next login of an app does not ask who you are.", Ja: "押すと、このブラウザーがそのユーザーとしてログインします。次のログインからアカウントを尋ねません。", Zh: "点击后，此浏览器将以该用户身份登录，之后的登录不再询问账号。"},
	"front.logInAs":    {Ko: "이 사용자로 로그인", En: "Log in as", Ja: "このユーザーでログイン", Zh: "以此用户登录"},
	"front.noUsers":    {Ko: "사용자가 없습니다. 콘솔에서 추가해 주세요.", En: "There is no user yet. Add one in the console.", Ja: "ユーザーがまだいません。コンソールで追加してください。", Zh: "还没有用户，请在控制台中添加。"},
	"front.loggedIn":   {Ko: "이 브라우저에 로그인한 사용자:", En: "This browser is now logged in as", Ja: "このブラウザーにログインしたユーザー:", Zh: "此浏览器已登录为"},
	"front.automatic":  {Ko: "자동 로그인이 켜져 있습니다:", En: "Automatic login is on:", Ja: "自動ログインがオンです:", Zh: "已开启自动登录："},

	"nothing.title": {Ko: "이 주소에는 아무것도 없습니다", En: "There is nothing at this address", Ja: "このアドレスには何もありません", Zh: "此地址没有内容"},
	"nothing.lead":  {Ko: "주소를 확인해 주세요. 프로그램이 요청하면 카카오와 같은 형식의 JSON 오류를 받습니다.", En: "Check the address. A program that asks gets the error as JSON, as from Kakao.", Ja: "アドレスを確認してください。プログラムにはカカオと同じ形式のJSONエラーを返します。", Zh: "请检查地址。程序请求时会收到与 Kakao 相同格式的 JSON 错误。"},
	"nothing.front": {Ko: "에뮬레이터 첫 화면", En: "The emulator's front page", Ja: "エミュレーターのトップページ", Zh: "模拟器首页"},

	"console.title":    {Ko: "개발자 콘솔", En: "Developer console"},
	"console.skip":     {Ko: "본문으로 건너뛰기", En: "Skip to content"},
	"console.clock":    {Ko: "플랫폼 시계", En: "The platform's clock"},
	"console.other":    {Ko: "English", En: "한국어"},
	"console.noscript": {Ko: "콘솔을 쓰려면 JavaScript를 켜 주세요.", En: "The console needs JavaScript."},

	"error.title":      {Ko: "요청을 처리할 수 없습니다", En: "This request cannot be served", Ja: "リクエストを処理できません", Zh: "无法处理此请求"},
	"error.fix":        {Ko: "이렇게 고치세요", En: "What to change", Ja: "対処方法", Zh: "解决方法"},
	"error.came":       {Ko: "요청에 들어온 값", En: "What came", Ja: "届いた値", Zh: "收到的值"},
	"error.registered": {Ko: "등록된 값", En: "What is registered", Ja: "登録されている値", Zh: "已注册的值"},
	"error.nothing":    {Ko: "등록된 값이 없습니다.", En: "Nothing is registered.", Ja: "何も登録されていません。", Zh: "尚未注册任何值。"},
	"error.at":         {Ko: "처음으로 다른 글자의 위치:", En: "First difference at character", Ja: "最初に異なる文字の位置:", Zh: "首个不同字符的位置："},
	"error.flag":       {Ko: "시작할 때 등록하려면:", En: "To register it at the start:", Ja: "起動時に登録するには:", Zh: "启动时注册："},
	"error.console":    {Ko: "에뮬레이터 콘솔 열기", En: "Open the emulator's console", Ja: "エミュレーターのコンソールを開く", Zh: "打开模拟器控制台"},
	"error.lead":       {Ko: "서비스의 로그인 설정을 확인해 주세요.", En: "Check how the service is set up for login.", Ja: "サービスのログイン設定を確認してください。", Zh: "请检查服务的登录设置。"},
}

// phrase is one of the fixed texts of the pages.
func (l locale) phrase(key string) string { return phrases[key].In(language.Tag(l)) }

// say is a phrase as text of a page.
func (l locale) say(key string) g.Node { return g.Text(l.phrase(key)) }

// RefillProblems are the phrases that a refill may name.
var RefillProblems = []string{"login.nobody", "create.taken", "create.invalid"}
