// Package duration is a length of time as configuration writes it. It knows
// nothing of what lasts so long.
package duration

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Duration is a [time.Duration] that is written in configuration as Go writes
// it, such as "12h" or "90s", or as whole days, such as "60d".
type Duration time.Duration

// UnmarshalText reads what [Duration.MarshalText] writes.
func (d *Duration) UnmarshalText(text []byte) error {
	s := string(text)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 36500 {
			return fmt.Errorf("%q is not a number of days such as \"60d\"", s)
		}
		*d = Duration(n) * Duration(24*time.Hour)
		return nil
	}
	parsed, err := time.ParseDuration(s)
	if err != nil {
		return fmt.Errorf("%q is not a duration such as \"12h\", \"90s\" or \"60d\"", s)
	}
	*d = Duration(parsed)
	return nil
}

// MarshalText writes the duration as Go does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }
