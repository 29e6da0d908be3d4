package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/server"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
)

// serveOptions are the options of [ServeCmd], read and checked.
type serveOptions struct {
	server.Config
	store      storeSpec
	drainDelay time.Duration
}

// options reads all options. Its error names every mistake, and what
// [server.Config.Validate] finds wrong with the rest.
func (c *ServeCmd) options() (serveOptions, error) {
	var m mistakes
	o := serveOptions{
		Config:     c.config(&m),
		store:      c.spec(&m),
		drainDelay: read(&m, "DrainDelay", c.DrainDelay, parseDelay),
	}
	m.add("Addr", checkAddr(c.Addr))
	if c.OperationsAddr != "" {
		m.add("OperationsAddr", checkAddr(c.OperationsAddr))
	}
	o.Keys = c.sessionKeys(&m, o.store.durable())
	m.addAll(o.Validate())
	o.Registry = newRegistry()
	return o, m.err()
}

// config turns options into the configuration of the server.
func (c *ServeCmd) config(m *mistakes) server.Config {
	level := read(m, "LogLevel", c.LogLevel, parseLevel)
	logger, err := newLogger(c.LogFormat, level)
	m.add("LogFormat", err)
	cfg := c.AppOptions.config(m)
	cfg.AppID, cfg.Logger = c.AppID, logger
	cfg.TokenAudiences = readAll(m, "TokenAudiences", c.TokenAudiences, parseTokenAudience)
	cfg.TokenAlgorithm = c.TokenAlgorithm
	cfg.NotifyURL = c.NotifyURL
	cfg.NotifySecrets = strings.Fields(secret(m, "NotifySecretFile", c.NotifySecretFile))
	cfg.AllowedHosts = c.AllowedHosts
	cfg.TrustedProxies = readAll(m, "TrustedProxies", c.TrustedProxies, parseNetwork)
	cfg.ForwardedHeader = c.ForwardedHeader
	cfg.RequestsPerMinute = read(m, "RequestsPerMinute", c.RequestsPerMinute, parseCount)
	cfg.SessionRequestsPerMinute = read(m, "SessionRequestsPerMinute", c.SessionRequestsPerMinute, parseCount)
	cfg.ProxyRequestsPerMinute = read(m, "ProxyRequestsPerMinute", c.ProxyRequestsPerMinute, parseCount)
	cfg.StrictTransportSecurity = read(m, "StrictTransportSecurity", c.StrictTransportSecurity, parseDelay)
	cfg.SameSite = read(m, "SameSite", c.SameSite, parseSameSite)
	cfg.UpstreamTimeout = read(m, "UpstreamTimeout", c.UpstreamTimeout, parsePositive)
	cfg.SessionIdle = read(m, "SessionIdle", c.SessionIdle, parsePositive)
	cfg.SessionLifetime = read(m, "SessionLifetime", c.SessionLifetime, parsePositive)
	cfg.SDK, err = openSDK(c.SDKDir)
	m.add("SDKDir", err)
	return cfg
}

// sessionKeys are the keys that encrypt logins, nil where there are none and
// none are needed.
func (c *ServeCmd) sessionKeys(m *mistakes, needed bool) *keyring.Ring {
	text := secret(m, "SessionKeysFile", c.SessionKeysFile)
	if text != "" {
		return read(m, "SessionKeysFile", text, keyring.Parse)
	}
	if needed && c.SessionKeysFile == "" {
		m.add("SessionKeysFile", errorf("expected keys, because the store outlives the process; make them with: kakaowasm keygen FILE, or keep logins in memory with --store memory"))
	}
	return nil
}

// secret is what a file holds, or the variable of the file's name without _FILE;
// "" where there is neither.
func secret(m *mistakes, field, path string) string {
	variable := strings.TrimSuffix(optionOf(field).env, "_FILE")
	value := os.Getenv(variable)
	if path == "" {
		return strings.TrimSpace(value)
	}
	if value != "" {
		m.add(field, errorf("expected the file or %s, got both; unset one", variable))
	}
	return read(m, field, path, readSecretFile)
}

// readSecretFile returns what a file holds, without the white space around it.
func readSecretFile(path string) (string, error) {
	content, err := os.ReadFile(path) //nolint:gosec // The user names the file.
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(content))
	if secret == "" {
		return "", errorf("%s: expected a secret, and the file is empty", path)
	}
	return secret, nil
}

// checkAddr returns what is wrong with an address to listen on.
func checkAddr(text string) error {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return errorf("expected an address with a port, such as 127.0.0.1:8480, got %q", text)
	}
	return nil
}

// parseLevel reads a log level.
func parseLevel(text string) (slog.Level, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(text)); err != nil {
		return level, errorf("expected debug, info, warn or error, got %q", text)
	}
	return level, nil
}

// sameSites are the values of SameSite by name.
var sameSites = map[string]http.SameSite{"lax": http.SameSiteLaxMode, "strict": http.SameSiteStrictMode}

// parseSameSite reads the SameSite of a cookie.
func parseSameSite(text string) (http.SameSite, error) {
	mode, known := sameSites[strings.ToLower(text)]
	if !known {
		return mode, errorf("expected lax or strict, got %q; for pages embedded in other sites use --partitioned", text)
	}
	return mode, nil
}

// parseTime reads a length of time.
func parseTime(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, errorf("expected a time such as 30s or 720h, got %q", text)
	}
	return d, nil
}

// parsePositive reads a length of time above zero, because zero would mean the
// default to [server.Config] and no time at all to the reader.
func parsePositive(text string) (time.Duration, error) {
	d, err := parseTime(text)
	if err == nil && d <= 0 {
		return 0, errorf("expected a time above zero, such as 30s or 720h, got %q", text)
	}
	return d, err
}

// parseDelay reads a length of time that may be zero.
func parseDelay(text string) (time.Duration, error) {
	d, err := parseTime(text)
	if err == nil && d < 0 {
		return 0, errorf("expected a time such as 5s, or 0s for none, got %q", text)
	}
	return d, err
}

// parseCount reads a number of requests.
func parseCount(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n == 0 {
		return 0, errorf("expected a whole number above 0, or -1 for no limit, got %q", text)
	}
	return n, nil
}

// parseNetwork reads a network, or the address of one machine.
func parseNetwork(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return prefix, errorf("expected a network such as 10.0.0.0/8, got %q", text)
	}
	return prefix, nil
}

// parseTokenAudience reads the origin of pages and the audience of their tokens.
func parseTokenAudience(text string) (server.TokenAudience, error) {
	origin, audience, both := strings.Cut(text, "=")
	if !both {
		return server.TokenAudience{}, errorf("expected the origin of the pages, = and the audience, such as https://app.example.com=https://api.example.com, got %q", text)
	}
	return server.TokenAudience{Origin: origin, Audience: audience}, nil
}

// mistakes are what is wrong with the options of a command, each named by its
// option.
type mistakes []error

// add notes the mistake of a field of [ServeCmd]; no mistake is none.
func (m *mistakes) add(field string, err error) {
	if err != nil {
		*m = append(*m, fmt.Errorf("%s: %w", optionOf(field), err))
	}
}

// addAll notes the mistakes that [server.Config.Validate] has found, by the options that set
// the fields.
func (m *mistakes) addAll(err error) {
	found := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		found = joined.Unwrap()
	}
	for _, err := range found {
		var mistake *server.FieldError
		if !errors.As(err, &mistake) {
			*m = append(*m, err)
			continue
		}
		name, _, _ := strings.Cut(mistake.Field, "[")
		m.add(cmp.Or(fieldOf[name], name), errors.New(inLocale(mistake.Text())))
	}
}

// err is all mistakes together.
func (m *mistakes) err() error {
	err := errors.Join(*m...)
	if err == nil {
		return nil
	}
	return errorf("expected other options:\n%w\n--help lists them", err)
}

// fieldOf are the fields of [ServeCmd] for those of [server.Config] that have
// another name there.
var fieldOf = map[string]string{"SDK": "SDKDir", "Platform.Auth": "AuthOrigin", "Platform.API": "APIOrigin", "AdminKey": "AdminKeyFile", "NotifySecrets": "NotifySecretFile"}

// option is how a user sets a field of [ServeCmd].
type option struct{ flag, env string }

// optionOf reads the option of a field from its tags.
func optionOf(name string) option {
	field, _ := reflect.TypeFor[ServeCmd]().FieldByName(name) // which has those of AppOptions, too
	return option{flag: "--" + field.Tag.Get("name"), env: field.Tag.Get("env")}
}

// String names the option by both its names.
func (o option) String() string { return o.flag + " (" + o.env + ")" }

// read parses the text of an option, and notes a mistake in it.
func read[S ~string, T any](m *mistakes, field string, text S, parse func(S) (T, error)) T {
	value, err := parse(text)
	m.add(field, err)
	return value
}

// readAll parses each text of an option, and leaves out those with a mistake.
func readAll[T any](m *mistakes, field string, texts []string, parse func(string) (T, error)) []T {
	var values []T
	for _, text := range texts {
		before := len(*m)
		if value := read(m, field, text, parse); len(*m) == before {
			values = append(values, value)
		}
	}
	return values
}
