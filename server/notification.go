package server

import (
	"context"
	"errors"
	"net/url"

	"github.com/kakaowasm/kakaowasm/server/internal/notify"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/storehealth"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// Types of the notifications that go to [Config.NotifyURL].
const (
	notifyLogin         = "login"
	notifyRefreshFailed = "refresh_failed"
	notifyLogout        = "logout"
	notifyUnlink        = "unlink"
)

// notification is what a notification says beside its type. It says no more of a
// user than an ID: whoever is told by mistake learns nothing else.
type notification struct {
	UserID string `json:"user_id"`
	// SID is the sid of tokens about the session. It is empty where the
	// notification is about all sessions of the user.
	SID string `json:"sid,omitempty"`
	// Code and KOE say why a renewal has ended a login.
	Code string `json:"error,omitempty"`
	KOE  string `json:"error_code,omitempty"`
}

// about is what a notification says of a login.
func about(l session.Login) notification { return notification{UserID: l.UserID, SID: l.SID} }

// because adds why a login has ended.
func (n notification) because(why error) notification {
	var f *web.Failure
	if errors.As(why, &f) {
		n.Code, n.KOE = f.Code, f.KOE
	}
	return n
}

// newNotifier returns what sends notifications, or nil where nobody is to get
// any. It is closed with the server.
func newNotifier(cfg Config, m *metrics) (*notify.Sender, error) {
	if cfg.NotifyURL == "" {
		return nil, nil
	}
	secrets := make([]notify.Secret, 0, len(cfg.NotifySecrets))
	for _, text := range cfg.NotifySecrets {
		secret, err := notify.ParseSecret(text)
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, secret)
	}
	return notify.Start(notify.Config{
		URL: cfg.NotifyURL, Secrets: secrets, Store: cfg.Store, Client: cfg.HTTPClient, Log: cfg.Logger, Count: m.notified,
	}), nil
}

// tell hands a notification in, where somebody is to get it. What has happened
// stays so where the store does not take it; the log says that nobody is told.
func (s *Server) tell(ctx context.Context, kind string, n notification) {
	if s.notifier == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), hookTimeout)
	defer cancel()
	_, err := storehealth.Retry(ctx, func() (struct{}, error) { return struct{}{}, s.notifier.Add(ctx, kind, n) })
	if err != nil {
		s.log.ErrorContext(ctx, "a notification is lost", "type", kind, "user_id", n.UserID, "error", err)
	}
}

// checkNotifyURL accepts where notifications go, or none.
func (c Config) checkNotifyURL() error {
	if c.NotifyURL == "" {
		if len(c.NotifySecrets) > 0 {
			return expected("expected the address that gets the notifications, because there are secrets for them",
				"알림 시크릿이 있으므로 알림을 받을 주소도 필요합니다")
		}
		return nil
	}
	u, err := url.Parse(c.NotifyURL)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return expected("expected an absolute URL of your back end without user and fragment, such as https://app.example.com/hooks/kakao",
			"https://app.example.com/hooks/kakao와 같이 사용자와 # 뒤가 없는 백엔드의 전체 URL이어야 합니다")
	}
	if len(c.NotifySecrets) == 0 {
		return expected("expected a secret, too: without a signature anybody could send what the server sends",
			"시크릿도 필요합니다. 서명이 없으면 누구나 서버인 것처럼 보낼 수 있습니다")
	}
	return checkTransport(u)
}

// checkNotifySecret accepts a secret, and does not repeat it.
func checkNotifySecret(text string) error {
	_, err := notify.ParseSecret(text)
	return inKorean(err, "whsec_와 base64로 쓴 24~64바이트의 난수여야 합니다. echo whsec_$(openssl rand -base64 32) 명령으로 만드세요")
}
