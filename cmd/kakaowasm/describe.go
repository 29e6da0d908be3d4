package main

import (
	"cmp"
	"fmt"
	"io"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// maxDescribed is how many apps and users the terminal lists.
const maxDescribed = 10

// describePlatform says where an emulator is and what is registered there. The
// secrets of the demo app are known to everybody; those of other apps are not
// printed.
func describePlatform(w io.Writer, cfg emulator.Config) {
	printf(w, "Kakao emulator on %s, its console at %[1]s/console\n", cfg.Issuer)
	describeRegistered(w, cfg)
}

// describeRegistered lists apps with their keys, and users.
func describeRegistered(w io.Writer, cfg emulator.Config) {
	for _, app := range cfg.Apps[:min(len(cfg.Apps), maxDescribed)] {
		printf(w, "  %s: REST API key %s, JavaScript key %s\n", app.Name, app.RESTAPIKey, app.JavaScriptKey)
		if app.ClientSecret == emulator.DemoClientSecret {
			printf(w, "    client secret %s, admin key %s\n", app.ClientSecret, app.AdminKey)
		}
	}
	if len(cfg.Users) > 0 {
		printf(w, "  users:\n")
	}
	for _, user := range cfg.Users[:min(len(cfg.Users), maxDescribed)] {
		_, _ = fmt.Fprintf(w, "    %d  %s, %s\n", user.ID, user.Nickname, cmp.Or(user.Email, inLanguage("no e-mail address")))
	}
	if more := max(len(cfg.Apps), len(cfg.Users)) - maxDescribed; more > 0 {
		printf(w, "    and more: see the console\n")
	}
}
