package main

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
)

func TestAnEmulatorElsewhereIsReachedByTheOriginThatBrowsersKnow(t *testing.T) {
	elsewhere := runEmulate(t, EmulateCmd{})
	o := AppOptions{AuthOrigin: "http://localhost:8481", EmulatorAddress: strings.TrimPrefix(elsewhere.url, "http://")}
	client, err := o.emulatorClient()
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdleConnections()
	document := answer(t, client, request(t, http.MethodGet, o.AuthOrigin+"/.well-known/openid-configuration", nil))
	if document["issuer"] != o.AuthOrigin || document["token_endpoint"] != o.AuthOrigin+"/oauth/token" {
		t.Errorf("issuer %v, token endpoint %v", document["issuer"], document["token_endpoint"])
	}
	response, err := client.Do(request(t, http.MethodGet, elsewhere.url+"/.well-known/jwks.json", nil))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("another address: %d", response.StatusCode)
	}
}

func TestOnlyAnEmulatorIsReachedElsewhere(t *testing.T) {
	for name, o := range map[string]AppOptions{
		"without a port":   {AuthOrigin: "http://localhost:8481", EmulatorAddress: "kakao"},
		"without origin":   {EmulatorAddress: "kakao:8481"},
		"the real Kakao":   {AuthOrigin: "https://kauth.kakao.com", EmulatorAddress: "kakao:8481"},
		"a public host":    {AuthOrigin: "http://kakao.example", EmulatorAddress: "kakao:8481"},
		"only one is ours": {AuthOrigin: "http://localhost:8481", APIOrigin: "https://kapi.kakao.com", EmulatorAddress: "kakao:8481"},
	} {
		if client, err := o.emulatorClient(); err == nil || client != nil {
			t.Errorf("%s: no error", name)
		}
	}
	if client, err := (&AppOptions{AuthOrigin: "https://kauth.kakao.com"}).emulatorClient(); client != nil || err != nil {
		t.Errorf("without the option: %v, %v", client, err)
	}
}

func TestEmulateGoesByTheNamesThatItIsGiven(t *testing.T) {
	r := runEmulate(t, EmulateCmd{Hosts: []string{"kakao"}})
	_, port, _ := strings.Cut(strings.TrimPrefix(r.url, "http://"), ":")
	for host, issuer := range map[string]string{
		"kakao:" + port: "http://kakao:" + port, "kakao": "http://kakao", "localhost:9": "http://localhost:9", "127.0.0.1:" + port: r.url,
		"192.0.2.1:8481": "http://192.0.2.1:8481",
	} {
		asked := request(t, http.MethodGet, r.url+"/.well-known/openid-configuration", nil)
		asked.Host = host
		if got := answer(t, http.DefaultClient, asked)["issuer"]; got != issuer {
			t.Errorf("%s: issuer %v, want %s", host, got, issuer)
		}
	}
	asked := request(t, http.MethodGet, r.url+"/console/api/overview", nil)
	asked.Host = "kakao:" + port
	if got := answer(t, http.DefaultClient, asked); got["apps"] == nil {
		t.Errorf("the console refuses the name: %v", got)
	}
	asked = request(t, http.MethodGet, r.url+"/console/api/overview", nil)
	asked.Host = "other"
	response, err := http.DefaultClient.Do(asked)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown name: %d", response.StatusCode)
	}
}

func TestAnIssuerThatWasNamedStays(t *testing.T) {
	r := runEmulate(t, EmulateCmd{Issuer: "http://kakao:8481"})
	if got := answer(t, http.DefaultClient, request(t, http.MethodGet, r.url+"/.well-known/openid-configuration", nil))["issuer"]; got != "http://kakao:8481" {
		t.Errorf("issuer %v", got)
	}
}

func TestTheStarterSeedIsASeed(t *testing.T) {
	file := t.TempDir() + "/kakao.yaml"
	if err := (&EmulateInitCmd{File: file}).Run(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := (&EmulateInitCmd{File: file}).Run(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("again: %v", err)
	}
	seed, err := emulator.ReadSeed(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(seed.Apps) != 1 || len(seed.Users) != 3 || len(seed.Links) != 1 || seed.Users[0].Birthday != "0412" {
		t.Errorf("got %+v", seed)
	}
	r := runEmulate(t, EmulateCmd{Seed: file})
	me := request(t, http.MethodGet, r.url+"/v2/user/me", nil)
	me.Header.Set("Authorization", "Bearer dohyuns-access-token")
	if got := answer(t, http.DefaultClient, me); got["id"] != float64(4210000002) {
		t.Errorf("the token of the seed: %v", got)
	}
}
