package main

import (
	"cmp"

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

	AllowedOrigins []string `name:"allowed-origin" env:"KAKAOWASM_ALLOWED_ORIGINS" placeholder:"ORIGIN" help:"Further origins whose pages may call the server."`
	RedirectURIs   []string `name:"redirect-uri" env:"KAKAOWASM_REDIRECT_URIS" placeholder:"URI" help:"Further redirect URIs that pages may exchange codes for."`
	Partitioned    bool     `name:"partitioned" env:"KAKAOWASM_PARTITIONED" help:"Partitioned session cookie, for pages embedded in other sites."`
}

// config is the part of the server's configuration that these options set.
func (o *AppOptions) config(m *mistakes) server.Config {
	return server.Config{
		PublicURL:      cmp.Or(o.PublicURL, httpOrigin(o.Addr)+"/kakao"),
		RESTAPIKey:     o.RESTAPIKey,
		JavaScriptKeys: o.JavaScriptKeys,
		ClientSecret:   secret(m, "ClientSecretFile", o.ClientSecretFile),
		AdminKey:       secret(m, "AdminKeyFile", o.AdminKeyFile),
		AllowedOrigins: o.AllowedOrigins,
		RedirectURIs:   o.RedirectURIs,
		Partitioned:    o.Partitioned,
		Platform:       kakao.Platform{Auth: o.AuthOrigin, API: cmp.Or(o.APIOrigin, o.AuthOrigin)},
	}
}
