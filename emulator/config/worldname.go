package config

import (
	"regexp"

	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
)

// worldName is a label of a host name in lower case (RFC 1123, section 2.1).
var worldName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// CheckWorldName tells what is wrong with the name of a world, which is a part of its
// host name.
func CheckWorldName(name string) error {
	if worldName.MatchString(name) {
		return nil
	}
	return mistake.New("name", "%q must be up to 63 lower-case letters, digits and hyphens, such as checkout-1", name)
}
