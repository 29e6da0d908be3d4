package redis

// EntryKeyInCluster is where a cluster has the entry of a key under the default
// prefix.
func EntryKeyInCluster(key string) string {
	keys, err := newKeyspace(DefaultPrefix, true)
	if err != nil {
		panic(err) // The default prefix has no braces.
	}
	return keys.entry(key)
}
