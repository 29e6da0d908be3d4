package sdk

import "github.com/kakaowasm/kakaowasm/kakao"

// addressFeatures are the window features of a shipping-address window.
const addressFeatures = "location=no,resizable=no,status=no,scrollbars=no,width=460,height=608"

// addressWindowName is the window's name: there is one at a time.
const addressWindowName = "shipping_address"

// addressWindow is a window of Kakao's in which the user chooses, adds or
// changes a shipping address.
type addressWindow struct {
	progress
	transaction string
	action      string
	form        []string
	window      int
	timer       int
}

// selectAddress opens the window at the path of the call. The access token goes
// there in the body of a form, never in an address. With a return URL it is this
// window that goes there and comes back.
func (m *Machine) selectAddress(e *Event) {
	if !m.hasRandom(e.Number, randomForTransaction) {
		return
	}
	transaction := m.newTransaction()
	form := []string{
		"app_key", m.app.key,
		"access_token", m.token().text(),
		"ka", m.app.agent,
		"trans_id", transaction,
		"mobile_view", boolText(e.settings().ForceMobileLayout),
		"enable_back_button", boolText(e.settings().EnableBackButton),
	}
	if id := e.get("addressId"); id != "" {
		form = append(form, "address_id", id)
	}
	action := kakao.AppsOrigin + e.get("path")
	if returnURL := e.settings().ReturnURL; returnURL != "" {
		m.submit(action, "_self", append(form, "return_url", returnURL))
		m.forgetCall(e.Number)
		return
	}
	if m.address != nil {
		m.address.replaced(m)
	}
	f := &addressWindow{}
	m.begin(f, "shipping address", e.Number, authLife)
	m.address = f
	f.transaction, f.action, f.form = transaction, action, form
	f.step = opensWindow
	f.window = m.ask(f, DoOpen, "address", "", "name", addressWindowName, "features", addressFeatures)
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// submit sends a form, a list of names and values, to a window.
func (m *Machine) submit(action, target string, form []string) {
	m.do(DoSubmit, append([]string{"action", action, "target", target, "fields", ""}, form...)...)
}

func (f *addressWindow) handle(m *Machine, e *Event) {
	switch {
	case f.step == opensWindow && e.Type == Opened && e.Number == f.window:
		f.opened(m)
	case f.step == opensWindow && isUnopened(e) && e.Number == f.window:
		f.window = 0
		f.close(m, false)
		m.fail(f, errPopupBlocked)
	case e.Type == Heard && e.Number == f.window:
		f.heard(m, e)
	case e.Type == Timer && e.Number == f.timer && e.has("closed"):
		f.closed(m)
	case e.Type == Timer && e.Number == f.timer:
		f.watch(m)
	case e.Type == Focus:
	default:
		m.drop(e)
	}
}

func (f *addressWindow) opened(m *Machine) {
	f.step = waitsForAnswer
	// The window's page answers through this frame, which it finds by its name.
	src := kakao.AppsOrigin + "/proxy?trans_id=" + kakao.Escape(f.transaction)
	m.do(DoFrame, "window", text(f.window), "name", f.transaction, "src", src)
	m.do(DoListen, "window", text(f.window), "channel", "", "as", "address")
	m.submit(f.action, addressWindowName, f.form)
	f.form = nil
	f.watch(m)
}

func (f *addressWindow) watch(m *Machine) {
	f.timer = m.ask(f, DoTimer, "ms", text(popupPoll), "window", text(f.window))
}

// heard takes an answer from exactly Kakao's origin, and, unlike one of a login,
// from whichever window of it: how Kakao's pages pass it on is theirs to change,
// and it holds no secret.
func (f *addressWindow) heard(m *Machine, e *Event) {
	if e.get("origin") != kakao.AppsOrigin {
		return
	}
	if e.has("closed") {
		f.closed(m)
		return
	}
	f.close(m, true)
	m.settle(f, !e.has("failed"), "answer", "value")
	m.end(f)
}

// closed ends the call of a window that the user has closed, or that says so of
// itself. The page has a callback for that.
func (f *addressWindow) closed(m *Machine) {
	f.close(m, false)
	m.do(DoClosed, "call", text(f.call))
	f.call = 0
	m.end(f)
}

// replaced ends the call for the promise alone, in favour of another window.
func (f *addressWindow) replaced(m *Machine) {
	f.close(m, false)
	m.do(DoReject, "call", text(f.call))
	f.call = 0
	m.end(f)
}

func (f *addressWindow) stop(m *Machine) {
	f.close(m, true)
	m.end(f)
}

// close ends the listening and, with window, the window itself.
func (f *addressWindow) close(m *Machine, window bool) {
	if f.timer != 0 {
		m.do(DoCancel, "timer", text(f.timer))
	}
	if f.window != 0 {
		m.do(DoShut, "window", text(f.window), "keep", flag(!window))
	}
	f.timer, f.window = 0, 0
	if m.address == f {
		m.address = nil
	}
}
