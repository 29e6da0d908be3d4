package main

import (
	"cmp"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/internal/idn"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server"
)

// AppOptions are the options that say which app it is and where its token server
// is reached: those of the commands that serve it and that examine it. A secret is
// no flag, because other users of a machine can read the flags of a process: it
// comes from a file, or from the variable of the file's name without _FILE.
type AppOptions struct {
	Addr      string `name:"addr" default:"127.0.0.1:8480" env:"KAKAOWASM_ADDR" help:"Address to listen on."`
	PublicURL string `name:"public-url" env:"KAKAOWASM_PUBLIC_URL" placeholder:"URL" help:"Where browsers reach the server, with the base path, such as https://app.example.com/kakao. Default: http://, the address and /kakao, which browsers accept on this machine only."`

	RESTAPIKey       string   `name:"rest-api-key" env:"KAKAO_REST_API_KEY" placeholder:"KEY" help:"The app's REST API key."`
	JavaScriptKeys   []string `name:"javascript-key" env:"KAKAO_JAVASCRIPT_KEY" placeholder:"KEY" help:"The app's JavaScript key, and other keys that its pages use."`
	ClientSecretFile string   `name:"client-secret-file" env:"KAKAO_CLIENT_SECRET_FILE" placeholder:"FILE" help:"File that holds the client secret, if the app uses one."`
	AdminKeyFile     string   `name:"admin-key-file" env:"KAKAO_ADMIN_KEY_FILE" placeholder:"FILE" help:"File that holds the admin key, by which unlink webhooks are known as Kakao's."`
	AuthOrigin       string   `name:"auth-origin" env:"KAKAO_AUTH_ORIGIN" placeholder:"ORIGIN" help:"Origin of another authorization server than Kakao's, such as the emulator's."`
	APIOrigin        string   `name:"api-origin" env:"KAKAO_API_ORIGIN" placeholder:"ORIGIN" help:"Origin of its REST API. Default: the same."`
	EmulatorAddress  string   `name:"emulator-address" env:"KAKAO_EMULATOR_ADDRESS" placeholder:"HOST:PORT" help:"Where this process reaches an emulator whose --auth-origin browsers know as http://localhost:8481, such as kakao:8481 in a network of containers. It is for emulators only."`

	AllowedOrigins []string `name:"allowed-origin" env:"KAKAOWASM_ALLOWED_ORIGINS" placeholder:"ORIGIN" help:"Further origins whose pages may call the server."`
	ReturnTo       []string `name:"return-address" env:"KAKAOWASM_RETURN_ADDRESSES" placeholder:"URL" help:"Where a redirect login returns to whose page, on an allowed origin of another site, could not tell the server before. One for each origin."`
	RedirectURIs   []string `name:"redirect-uri" env:"KAKAOWASM_REDIRECT_URIS" placeholder:"URI" help:"Further redirect URIs that pages may exchange codes for."`
	Partitioned    toggle   `name:"partitioned" env:"KAKAOWASM_PARTITIONED" help:"Partitioned session cookie, for pages embedded in other sites."`
}

// config is the part of the server's configuration that these options set.
func (o *AppOptions) config(m *mistakes) server.Config {
	client, err := o.emulatorClient()
	m.add("EmulatorAddress", err)
	return server.Config{
		HTTPClient:      client,
		PublicURL:       read(m, "PublicURL", cmp.Or(o.PublicURL, httpOrigin(o.Addr)+contract.DefaultBase), idn.ToASCII),
		RESTAPIKey:      o.RESTAPIKey,
		JavaScriptKeys:  o.JavaScriptKeys,
		ClientSecret:    secret(m, "ClientSecretFile", o.ClientSecretFile),
		AdminKey:        secret(m, "AdminKeyFile", o.AdminKeyFile),
		AllowedOrigins:  readAll(m, "AllowedOrigins", o.AllowedOrigins, idn.ToASCII),
		ReturnAddresses: readAll(m, "ReturnAddresses", o.ReturnTo, idn.ToASCII),
		RedirectURIs:    o.RedirectURIs,
		Partitioned:     read(m, "Partitioned", o.Partitioned, parseToggle),
		Platform:        kakao.Platform{Auth: o.AuthOrigin, API: cmp.Or(o.APIOrigin, o.AuthOrigin)},
	}
}

// toggle is what a flag that needs no value, or its variable, says. It stays text
// until the other options are read, so that a mistake in it is named with theirs.
type toggle string

// toggles are the values of a toggle.
var toggles = map[string]bool{"": false, "false": false, "0": false, "no": false, "true": true, "1": true, "yes": true}

// parseToggle reads a toggle.
func parseToggle(t toggle) (bool, error) {
	on, known := toggles[strings.ToLower(string(t))]
	if !known {
		return false, errorf("expected true or false, got %q", t)
	}
	return on, nil
}
