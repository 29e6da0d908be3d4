package kauth

import (
	"net/http"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
)

// showCreate shows the sign-up of a Kakao Account, with which prompt=create
// begins.
func (s *authServer) showCreate(w http.ResponseWriter, request *authorizeRequest, browser visitor, form pages.CreateForm) {
	pages.Show(w, http.StatusOK, request.language, pages.Create(s.page(request, browser, 0, promptLogin), form))
}

// create takes the form of the sign-up page: it makes an account and goes on
// with the login.
func (s *authServer) create(w http.ResponseWriter, r *http.Request) {
	request, _, _, refusal := s.resume(r)
	if refusal != nil {
		s.showError(w, r, refusal)
		return
	}
	if r.PostForm.Get("decision") == "cancel" {
		s.redirectError(w, r, request, errDenied)
		return
	}
	form := pages.CreateForm{
		Email:    strings.TrimSpace(r.PostForm.Get("email")),
		Nickname: strings.TrimSpace(r.PostForm.Get("nickname")),
	}
	user := config.User{ID: registry.NewUserID(), Email: form.Email, Nickname: form.Nickname}
	if form.Problem = s.createProblem(request.directory, user); form.Problem != "" {
		s.showAgain(w, r, request.withPrompt(promptCreate), refill{form.Email, form.Nickname, form.Problem})
		return
	}
	s.signIn(w, r, &user, true)
	s.goOn(w, r, request)
}

// createProblem registers a new account, or says which phrase tells why not.
func (s *authServer) createProblem(d *registry.Directory, user config.User) string {
	const longest = 254 // RFC 5321, section 4.5.3.1.3
	switch {
	case len(user.Nickname) > longest || len(user.Email) > longest:
		return "create.invalid"
	case user.Email != "" && d.UserByEmail(user.Email) != nil:
		return "create.taken"
	case s.registry.AddUser(user) != nil:
		return "create.invalid"
	}
	return ""
}
