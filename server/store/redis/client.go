package redis

import (
	"context"
	"errors"
	"net/url"
	"strings"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// errURL says what an address of Redis looks like. It does not hold the one that
// came, since that may hold a password.
var errURL = errors.New("redis: expected a URL like redis://user:password@host:6379/0, rediss://… with TLS, unix:///path/to/redis.sock, " +
	"redis+sentinel://user:password@host1:26379,host2:26379/NAME/0 or redis+cluster://user:password@host1:6379,host2:6379 " +
	"(rediss+sentinel://… and rediss+cluster://… with TLS)")

// Errors of a Redis that is not what its URL says.
var (
	errIsCluster  = errors.New("redis: this Redis is a cluster; expected a URL that begins with redis+cluster:// or rediss+cluster://")
	errNotCluster = errors.New("redis: this Redis is no cluster; expected a URL that begins with redis:// or rediss://")
)

// schemes make the client of a URL, whose scheme is by then redis or rediss.
var schemes = map[string]func(string) (goredis.UniversalClient, error){
	"redis": newNode, "rediss": newNode, "unix": newNode,
	"redis+sentinel": newFailover, "rediss+sentinel": newFailover,
	"redis+cluster": newCluster, "rediss+cluster": newCluster,
}

// newClient returns a client of the Redis at a URL, which it does not ask
// anything yet, or errURL.
func newClient(text string) (client goredis.UniversalClient, cluster bool, err error) {
	scheme, rest, _ := strings.Cut(text, "://")
	open := schemes[scheme]
	if open == nil {
		return nil, false, errURL
	}
	plain, topology, _ := strings.Cut(scheme, "+")
	client, err = open(plain + "://" + rest)
	if err != nil {
		return nil, false, errURL
	}
	return client, topology == "cluster", nil
}

// newNode returns the client of one node.
func newNode(text string) (goredis.UniversalClient, error) {
	o, err := goredis.ParseURL(text)
	if err != nil {
		return nil, err
	}
	o.ContextTimeoutEnabled = true
	o.DialerRetries = 1 // The retries of commands dial again, too.
	// A protocol of Redis' managed offerings, which others answer with an error.
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return goredis.NewClient(o), nil
}

// newFailover returns a client that follows the primary that Sentinels name.
func newFailover(text string) (goredis.UniversalClient, error) {
	o, err := failoverOptions(text)
	if err != nil {
		return nil, err
	}
	o.ContextTimeoutEnabled = true
	o.DialerRetries = 1
	return goredis.NewFailoverClient(o), nil
}

// failoverOptions reads a URL of Sentinels. Its user and password are those of
// Redis, as in other URLs; those of the Sentinels are parameters.
func failoverOptions(text string) (*goredis.FailoverOptions, error) {
	u, err := parseHosts(text)
	if err != nil {
		return nil, err
	}
	name, database, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if name == "" {
		return nil, errURL
	}
	query, user := u.Query(), u.User
	sentinel := url.UserPassword(query.Get("sentinel_username"), query.Get("sentinel_password"))
	query.Del("sentinel_username")
	query.Del("sentinel_password")
	query.Set("master_name", name)
	u.Path, u.RawQuery, u.User = "/"+database, query.Encode(), sentinel
	o, err := goredis.ParseFailoverURL(u.String())
	if err != nil {
		return nil, err
	}
	o.Username = user.Username()
	o.Password, _ = user.Password()
	return o, nil
}

// newCluster returns the client of a cluster.
func newCluster(text string) (goredis.UniversalClient, error) {
	u, err := parseHosts(text)
	if err != nil {
		return nil, err
	}
	o, err := goredis.ParseClusterURL(u.String())
	if err != nil {
		return nil, err
	}
	o.ContextTimeoutEnabled = true
	o.DialerRetries = 1
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	client := goredis.NewClusterClient(o)
	watchNodes(client)
	return client, nil
}

// parseHosts reads a URL with one host or more, separated by commas. All but
// the first become parameters named addr, which is how the client wants them.
func parseHosts(text string) (*url.URL, error) {
	scheme, rest, _ := strings.Cut(text, "://")
	end := len(rest)
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		end = i
	}
	begin := strings.LastIndex(rest[:end], "@") + 1
	hosts := strings.Split(rest[begin:end], ",")
	u, err := url.Parse(scheme + "://" + rest[:begin] + hosts[0] + rest[end:])
	if err != nil {
		return nil, err
	}
	query := u.Query()
	for _, host := range hosts[1:] {
		query.Add("addr", host)
	}
	u.RawQuery = query.Encode()
	return u, nil
}

// checkTopology asks Redis whether it is what its URL says. A Redis that does
// not tell is taken at the URL's word.
func checkTopology(ctx context.Context, client goredis.UniversalClient, cluster bool) error {
	if err := client.Ping(ctx).Err(); err != nil {
		if cluster && strings.Contains(err.Error(), "cluster support disabled") {
			return errNotCluster
		}
		return unavailable(ctx, err)
	}
	if info, err := client.Info(ctx, "cluster").Result(); err == nil && !cluster && strings.Contains(info, "cluster_enabled:1") {
		return errIsCluster
	}
	return nil
}
